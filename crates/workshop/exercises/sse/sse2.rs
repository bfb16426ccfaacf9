//! This broker copies its list and sends without holding the lock. One client is on the list. The broker broadcasts two
//! events. Meanwhile the client leaves, and counts the events that it has: right after leaving, and once more in the end.
//!
//! ```
//! broker, twice:                                      client:
//!     let copy = clients.lock().unwrap().clone();         clients.lock().unwrap().clear();
//!     for got in copy {                                   got.load(SeqCst)
//!         got.fetch_add(1, SeqCst);
//!     }
//! ```

use workshop::Verdict;

/// Every pair that is possible: the events that the client has right after leaving, and those that it has in the end.
fn possible() -> Vec<(u64, u64)> {
    vec![
        (0, 0), // the client leaves before anything is sent
        (2, 2), // it leaves after everything has been sent
                // TODO: add the others.
    ]
}

fn main() -> Verdict {
    workshop::sse::sse2(possible)
}
