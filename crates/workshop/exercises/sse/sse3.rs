//! Three clients have a queue for two events each, and the first client has stalled. This broadcast
//! waits for room in its queue, so the other clients wait, too. No client may hold up another. A
//! client whose queue is full has to be disconnected, by dropping its sender. Time is virtual.

#![allow(clippy::disallowed_types)] // Nothing is explored here, so `std::sync` is fine.

use tokio::sync::mpsc::Sender;
use workshop::Verdict;

async fn broadcast(clients: &mut Vec<Sender<u32>>, event: u32) {
    // TODO: never make one client wait for another.
    for client in clients {
        let _ = client.send(event).await;
    }
}

fn main() -> Verdict {
    workshop::sse::sse3(async |clients, event| broadcast(clients, event).await)
}
