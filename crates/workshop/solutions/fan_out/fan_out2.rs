//! A page waits for two branches, but not forever. Once its patience is over, it closes, and shows
//! the answers that it has by then. A branch that finds the page closed drops its answer.
//!
//! ```
//! each of the two branches:                    page:
//!     if closed.load(SeqCst) {                     closed.store(true, SeqCst);
//!         return false; // dropped                 answers.load(SeqCst)
//!     }
//!     answers.fetch_add(1, SeqCst);
//!     true // delivered
//! ```
//!
//! The branches and the page run at the same time. A support engineer counts how many branches say
//! "delivered", and how many answers the page shows.

use workshop::Verdict;

/// Every possible pair: the number of delivered answers, and the number of answers on the page.
fn possible() -> Vec<(usize, usize)> {
    // An answer on the page was delivered. A delivered answer needn't be on the page: between the look
    // at the flag and the addition, the page can close and count.
    vec![
        (0, 0), // the page closes before either branch answers
        (1, 0), // one branch looks in time and answers too late
        (1, 1), // one branch is in time, and the other finds the page closed
        (2, 0), // both branches look in time and answer too late
        (2, 1), // both branches look in time, and one of them answers too late
        (2, 2), // both branches answer in time
    ]
}

fn main() -> Verdict {
    workshop::fan_out::fan_out2(possible)
}
