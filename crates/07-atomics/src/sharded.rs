//! The number in parts, as many as cores, each on a cache line of its own: no thread waits for another's line.

use crossbeam_utils::CachePadded;

use crate::sync::{AtomicU64, Ordering::Relaxed, shards, thread_number};

/// Counts every increment, whoever else counts. Made for counts that many threads raise and few read: it
/// takes a cache line a core, and reading it visits all of them.
#[derive(Debug)]
// ANCHOR: increment
pub struct Counter {
    /// A power of two of them; together they are the number of increments so far.
    shards: Box<[CachePadded<AtomicU64>]>,
}

impl Counter {
    /// Nothing has been counted. There are as many shards as cores, up to a power of two.
    pub fn new() -> Counter {
        Counter {
            shards: (0..shards()).map(|_| AtomicU64::new(0).into()).collect(),
        }
    }

    /// Adds 1 to the shard of the running thread, which others may share: the first threads that count have
    /// one each, then it is their turn again.
    #[inline]
    pub fn increment(&self) {
        let mine = &self.shards[thread_number() & (self.shards.len() - 1)];
        // Relaxed: as in `counter`. Not a load and a store: there may be more threads than shards.
        mine.fetch_add(1, Relaxed);
    }

    /// The sum of the shards, read one after the other.
    ///
    /// While nobody increments, it is exact. While others do, it is at least the number of increments that
    /// happened before the call, and at most of those that began before it returned; one thread never sees
    /// it go down. It is not a snapshot: of two increments under way, it may count the later alone.
    pub fn get(&self) -> u64 {
        self.shards.iter().map(|shard| shard.load(Relaxed)).sum()
    }
}
// ANCHOR_END: increment

impl Default for Counter {
    fn default() -> Counter {
        Counter::new()
    }
}
