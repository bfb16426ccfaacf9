//! Rejected: was disconnected though it reads

use tokio::sync::mpsc::Sender;

async fn broadcast(clients: &mut Vec<Sender<u32>>, event: u32) {
    if clients.iter().any(|client| client.capacity() == 0) {
        clients.clear();
    }
    for client in clients {
        let _ = client.try_send(event);
    }
}

fn main() {
    workshop::sse::sse3(async |clients, event| broadcast(clients, event).await)
}
