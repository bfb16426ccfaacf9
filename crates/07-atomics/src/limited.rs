//! A counter that never exceeds its limit: it adds only if the number it checked is still the current one.

use crate::sync::{AtomicU64, Ordering::Relaxed};

/// Counts up to a limit, from any number of threads.
#[derive(Debug)]
pub struct Counter {
    /// The number of increments that were allowed; never more than `limit`.
    count: AtomicU64,
    limit: u64,
}

impl Counter {
    /// Starts at 0. With a limit of 0 it stays there.
    pub fn new(limit: u64) -> Counter {
        Counter {
            count: AtomicU64::new(0),
            limit,
        }
    }

    /// Adds 1 unless the count has reached the limit. Returns whether it added. Never waits; it retries only
    /// after another thread's increment has succeeded, or `compare_exchange_weak` has failed spuriously.
    // ANCHOR: increment
    pub fn increment(&self) -> bool {
        // Relaxed, in all three places: the count announces no other data.
        let mut old = self.count.load(Relaxed);
        while old < self.limit {
            let new = old + 1;
            match self.count.compare_exchange_weak(old, new, Relaxed, Relaxed) {
                Ok(_) => return true,
                Err(current) => old = current, // another thread was faster
            }
        }
        false
    }
    // ANCHOR_END: increment

    /// Returns the number of increments that were allowed. No thread sees it go down.
    pub fn get(&self) -> u64 {
        self.count.load(Relaxed)
    }
}
