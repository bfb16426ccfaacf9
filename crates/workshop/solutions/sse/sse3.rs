#![allow(clippy::disallowed_types)] // Nothing is explored here, so `std::sync` is fine.

use tokio::sync::mpsc::Sender;
use workshop::Verdict;

async fn broadcast(clients: &mut Vec<Sender<u32>>, event: u32) {
    // `try_send` never waits. A sender that isn't retained is dropped: its client reads what is
    // left in its queue, and then finds the end.
    clients.retain(|client| client.try_send(event).is_ok());
}

fn main() -> Verdict {
    workshop::sse::sse3(async |clients, event| broadcast(clients, event).await)
}
