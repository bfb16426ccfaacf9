//! A claim that loads and then stores can go wrong. In how many ways?
//!
//! ```
//! fn claim(&self) -> usize {
//!     let claimed = self.next.load(Relaxed); // 0 at first
//!     self.next.store(claimed + 1, Relaxed);
//!     claimed
//! }
//! ```
//!
//! Worker 1 claims once, worker 2 claims twice, at the same time.

use workshop::pool::Claimed;

/// All that is possible: what worker 1 claimed, and what worker 2 claimed first and second.
fn possible() -> Vec<Claimed> {
    vec![
        // No two claims overlap: worker 1 comes first, between the two of worker 2, or last.
        (0, 1, 2),
        (1, 0, 2),
        (2, 0, 1),
        // Worker 1 overlaps with the first claim of worker 2: both got 0. Or it loaded 0 and slept
        // through both claims.
        (0, 0, 1),
        // It overlaps with the second claim: both got 1.
        (1, 0, 1),
    ]
}

fn main() {
    workshop::pool::pool2(possible)
}
