//! Rejected: With room for one event it is not right

//! Three clients with queues for two events each; the first has stalled. This broadcast waits for room in its queue,
//! and everybody waits with it. Nobody may be held up; a client whose queue is full is disconnected, by dropping
//! its sender. Time is virtual.

use tokio::sync::mpsc::Sender;

async fn broadcast(clients: &mut Vec<Sender<u32>>, event: u32) {
    clients.retain(|client| client.try_send(event).is_ok() && client.capacity() > 0);
}

fn main() {
    workshop::sse::sse3(async |clients, event| broadcast(clients, event).await)
}
