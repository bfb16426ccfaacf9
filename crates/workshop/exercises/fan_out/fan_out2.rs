//! A page waits for two branches, but not forever. Once its patience is over, it
//! closes, and shows the answers that it has by then. A branch that finds the page
//! closed drops its answer.
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
//! The branches and the page run at the same time. A support engineer counts how
//! many branches say "delivered", and how many answers the page shows.

use workshop::Verdict;

/// Every possible pair: the number of delivered answers, and the number of answers
/// on the page.
fn possible() -> Vec<(usize, usize)> {
    vec![
        (0, 0), // the page closes before either branch answers
        (2, 2), // both branches answer in time
                // TODO: add the others.
    ]
}

fn main() -> Verdict {
    workshop::fan_out::fan_out2(possible)
}
