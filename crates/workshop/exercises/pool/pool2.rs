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
        (0, 1, 2), // worker 1 is done before worker 2 begins
                   // TODO: the others.
    ]
}

fn main() {
    workshop::pool::pool2(possible)
}
