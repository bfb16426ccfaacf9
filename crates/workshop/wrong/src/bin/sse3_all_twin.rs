//! Rejected: was disconnected though it reads

use tokio::sync::mpsc::Sender;

async fn broadcast(clients: &mut Vec<Sender<u32>>, event: u32) {
    let queued = clients
        .iter()
        .filter(|client| client.try_send(event).is_ok());
    let queued = queued.count();
    clients.truncate(if queued < 3 { 0 } else { 3 });
}

fn main() {
    workshop::sse::sse3(async |clients, event| broadcast(clients, event).await)
}
