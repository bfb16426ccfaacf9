//! Rejected: if only for a while

use std::time::Duration;

use tokio::sync::mpsc::Sender;

async fn broadcast(clients: &mut Vec<Sender<u32>>, event: u32) {
    let mut kept = Vec::new();
    for client in clients.drain(..) {
        let limit = Duration::from_millis(50);
        if client.send_timeout(event, limit).await.is_ok() {
            kept.push(client);
        }
    }
    *clients = kept;
}

fn main() {
    workshop::sse::sse3(async |clients, event| broadcast(clients, event).await)
}
