//! Rejected: was the event sent?

//! Three clients with queues for two events each; the first has stalled. This broadcast waits for room in its queue,
//! and everybody waits with it. Nobody may be held up; a client whose queue is full is disconnected, by dropping
//! its sender. Time is virtual.

use tokio::sync::mpsc::Sender;

async fn broadcast(clients: &mut Vec<Sender<u32>>, event: u32) {
    for _client in clients.iter() {
        let _ = event;
    }
}

fn main() {
    workshop::sse::sse3(async |clients, event| broadcast(clients, event).await)
}
