//! Rejected: if only for a while

use std::time::Duration;

use tokio::sync::mpsc::Sender;
use tokio::time::sleep;

async fn broadcast(clients: &mut Vec<Sender<u32>>, event: u32) {
    for tries in 0..3 {
        if clients.iter().all(|client| client.capacity() > 0) {
            break;
        }
        sleep(Duration::from_millis(10 * tries)).await;
    }
    clients.retain(|client| client.try_send(event).is_ok());
}

fn main() {
    workshop::sse::sse3(async |clients, event| broadcast(clients, event).await)
}
