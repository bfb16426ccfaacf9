//! A bucket that loads and then stores can give out too many tokens. How many?
//!
//! ```
//! fn try_take(&self) -> bool {
//!     let left = self.tokens.load(Relaxed); // 2 at first
//!     if left == 0 {
//!         return false;
//!     }
//!     self.tokens.store(left - 1, Relaxed);
//!     true
//! }
//! ```
//!
//! Client 1 calls it once and client 2 calls it twice, at the same time. No token is added.

use workshop::Verdict;
use workshop::rate_limiting::Spent;

/// Every possible outcome: how many of the three calls return `true`, and how many tokens the
/// bucket has at the end.
fn possible() -> Vec<Spent> {
    vec![
        (2, 0), // no calls overlap: the third one is refused
                // TODO: add the others.
    ]
}

fn main() -> Verdict {
    workshop::rate_limiting::rate_limiting2(possible)
}
