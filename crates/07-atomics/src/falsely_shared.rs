//! Slow on purpose: a part of the number for each core, but all on one cache line, so that cores wait for it.

use crate::sync::{AtomicU64, Ordering::Relaxed, shards, thread_number};

/// Counts every increment, whoever else counts. [`sharded`](crate::sharded) without its padding.
#[derive(Debug)]
// ANCHOR: fields
pub struct Counter {
    /// A power of two of them, side by side; together they are the number of increments so far.
    shards: Box<[AtomicU64]>,
}
// ANCHOR_END: fields

impl Counter {
    /// Nothing has been counted. There are as many shards as cores, up to a power of two.
    pub fn new() -> Counter {
        Counter {
            shards: (0..shards()).map(|_| AtomicU64::new(0)).collect(),
        }
    }

    /// Adds 1 to the shard of the running thread, which others may share.
    #[inline]
    pub fn increment(&self) {
        let mine = &self.shards[thread_number() & (self.shards.len() - 1)];
        // Relaxed: as in `counter`.
        mine.fetch_add(1, Relaxed);
    }

    /// The sum of the shards; it promises what that of [`sharded`](crate::sharded) does.
    pub fn get(&self) -> u64 {
        self.shards.iter().map(|shard| shard.load(Relaxed)).sum()
    }
}

impl Default for Counter {
    fn default() -> Counter {
        Counter::new()
    }
}
