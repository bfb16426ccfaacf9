//! Three clients have a queue for two events each, and the first has stalled. This broadcast waits for room in its queue,
//! and the other clients wait with it. No client may be held up by another. A client whose queue is full is disconnected:
//! its sender is dropped. Time is virtual.

#![allow(clippy::disallowed_types)] // Nothing is explored here, so the types of `std::sync` are fine.

use tokio::sync::mpsc::Sender;
use workshop::Verdict;

async fn broadcast(clients: &mut Vec<Sender<u32>>, event: u32) {
    // TODO: make no client wait for another.
    for client in clients {
        let _ = client.send(event).await;
    }
}

fn main() -> Verdict {
    workshop::sse::sse3(async |clients, event| broadcast(clients, event).await)
}
