//! One number, and one operation that reads and writes it.

use crate::sync::{AtomicU64, Ordering::Relaxed};

/// Counts every increment, whoever else counts.
#[derive(Debug, Default)]
pub struct Counter {
    /// The number of increments so far.
    value: AtomicU64,
}

impl Counter {
    /// Nothing has been counted.
    pub fn new() -> Counter {
        Counter {
            value: AtomicU64::new(0),
        }
    }

    /// Adds 1. After 2⁶⁴ increments it is back at 0; at one a nanosecond that takes 584 years.
    #[inline]
    // ANCHOR: increment
    pub fn increment(&self) {
        // Relaxed: a count needs no more than its own atomicity. It announces nothing else.
        self.value.fetch_add(1, Relaxed);
    }
    // ANCHOR_END: increment

    /// How many increments there were. Those that happened before this call are counted (the caller's own,
    /// and those of threads that it joined); one that is under way may be or not. One thread never sees the
    /// number go down.
    #[inline]
    pub fn get(&self) -> u64 {
        self.value.load(Relaxed)
    }
}
