//! A claim that loads and then stores can go wrong. In how many ways?
//!
//! ```
//! fn claim(&self) -> usize {
//!     let claimed = self.next.load(Relaxed); // 1 at first
//!     self.next.store(claimed + 1, Relaxed);
//!     claimed
//! }
//! ```
//!
//! Worker 1 claims once and worker 2 claims twice, at the same time.

use workshop::Verdict;
use workshop::pool::Claimed;

/// Everything that is possible: the item of worker 1, then the first and the second item of worker 2.
fn possible() -> Vec<Claimed> {
    vec![
        // No two claims overlap: worker 1 claims first, between the two claims of worker 2, or last.
        (1, 2, 3),
        (2, 1, 3),
        (3, 1, 2),
        // Worker 1 overlaps with the first claim of worker 2, and both get 1. Or it loads 1, and worker 2 makes both
        // of its claims before worker 1 goes on.
        (1, 1, 2),
        // Worker 1 overlaps with the second claim of worker 2, and both get 2.
        (2, 1, 2),
    ]
}

fn main() -> Verdict {
    workshop::pool::pool2(possible)
}
