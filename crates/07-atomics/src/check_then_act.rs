//! Broken on purpose: another increment can come between the check and the addition, and the count exceeds
//! the limit.

use crate::sync::{AtomicU64, Ordering::Relaxed};

/// Counts up to a limit, but can exceed it.
#[derive(Debug)]
pub struct Counter {
    /// The number of increments that were allowed. Can exceed `limit` if callers check at the same time.
    count: AtomicU64,
    limit: u64,
}

impl Counter {
    /// Starts at 0.
    pub fn new(limit: u64) -> Counter {
        Counter {
            count: AtomicU64::new(0),
            limit,
        }
    }

    /// Adds 1 unless the count has reached the limit. Returns whether it added.
    // ANCHOR: increment
    pub fn increment(&self) -> bool {
        let below = self.count.load(Relaxed) < self.limit;
        if below {
            self.count.fetch_add(1, Relaxed);
        }
        below
    }
    // ANCHOR_END: increment

    /// Returns the number of increments that were allowed.
    pub fn get(&self) -> u64 {
        self.count.load(Relaxed)
    }
}
