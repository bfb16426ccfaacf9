//! This registry copies its list and sends without the lock. One client is on it. A broker broadcasts two events;
//! the client unregisters meanwhile, and then counts what it has got: once when `unregister` has returned, and
//! once when all is over.
//!
//! ```
//! fn broadcast(&self) {
//!     let copy = self.clients.lock().unwrap().clone();
//!     for client in copy {
//!         client.got.fetch_add(1, SeqCst);
//!     }
//! }
//! ```

/// All pairs that are possible: events when it had left, and in the end.
fn possible() -> Vec<(u64, u64)> {
    vec![
        (0, 0), // it left before anything was sent
        (2, 2), // it left when both had been sent
                // TODO: the others.
    ]
}

fn main() {
    workshop::sse::sse2(possible)
}
