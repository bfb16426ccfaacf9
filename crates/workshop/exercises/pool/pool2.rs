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

/// Every possible outcome: what worker 1 claims, and what worker 2 claims first and second.
fn possible() -> Vec<Claimed> {
    vec![
        (1, 2, 3), // worker 1 finishes before worker 2 starts
                   // TODO: add the others.
    ]
}

fn main() -> Verdict {
    workshop::pool::pool2(possible)
}
