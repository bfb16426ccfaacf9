//! One number per core, each on its own cache line, so that cores don't compete for a line.

use crossbeam_utils::CachePadded;

use crate::sync::{AtomicU64, Ordering::Relaxed, shards, thread_number};

/// Counts every increment, from any number of threads. Suits counts that many threads increment and few
/// read: it takes a cache line per core, and a read visits all of them.
#[derive(Debug)]
// ANCHOR: increment
pub struct Counter {
    /// The length is a power of two, and the sum is the number of increments so far.
    shards: Box<[CachePadded<AtomicU64>]>,
}

impl Counter {
    /// Starts at 0, with one shard per core, rounded up to a power of two.
    pub fn new() -> Counter {
        Counter {
            shards: (0..shards()).map(|_| AtomicU64::new(0).into()).collect(),
        }
    }

    /// Adds 1 to the calling thread's shard. Threads are assigned to the shards in turn.
    /// If there are more threads than shards, some threads share one.
    #[inline]
    pub fn increment(&self) {
        let mine = &self.shards[thread_number() & (self.shards.len() - 1)];
        // Relaxed: as in `counter`. Still a `fetch_add`, because threads may share a shard.
        mine.fetch_add(1, Relaxed);
    }

    /// Returns the sum of the shards, which it reads one after the other.
    ///
    /// The sum is exact if no thread increments meanwhile. Otherwise it includes every
    /// increment that happened before the call, and none that began after the call returned.
    /// No thread sees the sum go down. It is not a snapshot: of two increments during
    /// the call, it may include only the later one.
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
