//! This broker copies its list and sends without holding the lock. One client is on the list, and
//! the broker broadcasts two events. Meanwhile the client leaves. It counts its events right after
//! leaving, and again at the end.
//!
//! ```
//! broker, twice:                                      client:
//!     let copy = clients.lock().unwrap().clone();         clients.lock().unwrap().clear();
//!     for got in copy {                                   got.load(SeqCst)
//!         got.fetch_add(1, SeqCst);
//!     }
//! ```

use workshop::Verdict;

/// Every possible pair: the number of events right after leaving, and the number at the end.
fn possible() -> Vec<(u64, u64)> {
    vec![
        (0, 0), // the client leaves before anything is sent
        (2, 2), // it leaves after everything has been sent
        (1, 1), // it leaves between the two broadcasts
        // The list was copied before the client left, so an event arrives afterwards. There can't
        // be two, because the second broadcast copies the list again.
        (0, 1),
        (1, 2),
    ]
}

fn main() -> Verdict {
    workshop::sse::sse2(possible)
}
