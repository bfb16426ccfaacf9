//! Rejected: The stalled client is still connected

use tokio::sync::mpsc::Sender;

async fn broadcast(clients: &mut Vec<Sender<u32>>, event: u32) {
    for client in clients {
        if client.capacity() > 0 {
            client.send(event).await.unwrap();
        }
    }
}

fn main() {
    workshop::sse::sse3(async |clients, event| broadcast(clients, event).await)
}
