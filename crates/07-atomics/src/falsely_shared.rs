//! Slow on purpose: one number per core, but packed onto cache lines that the cores compete for.

use crate::sync::{AtomicU64, Ordering::Relaxed, shards, thread_number};

/// Counts every increment, from any number of threads: [`sharded`](crate::sharded) without its padding.
#[derive(Debug)]
pub struct Counter {
    /// Side by side. The length is a power of two, and the sum is the number of increments so far.
    shards: Box<[AtomicU64]>,
}

impl Counter {
    /// Starts at 0, with one shard per core, rounded up to a power of two.
    pub fn new() -> Counter {
        Counter {
            shards: (0..shards()).map(|_| AtomicU64::new(0)).collect(),
        }
    }

    /// Adds 1 to the calling thread's shard. With more threads than shards, several threads share one.
    #[inline]
    pub fn increment(&self) {
        let mine = &self.shards[thread_number() & (self.shards.len() - 1)];
        // Relaxed: as in `counter`.
        mine.fetch_add(1, Relaxed);
    }

    /// Returns the sum of the shards, with the guarantees of [`sharded`](crate::sharded::Counter::get).
    pub fn get(&self) -> u64 {
        self.shards.iter().map(|shard| shard.load(Relaxed)).sum()
    }
}

impl Default for Counter {
    fn default() -> Counter {
        Counter::new()
    }
}
