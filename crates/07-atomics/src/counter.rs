//! One number, incremented by one operation that reads and writes it.

use crate::sync::{AtomicU64, Ordering::Relaxed};

/// Counts every increment, from any number of threads.
#[derive(Debug, Default)]
pub struct Counter {
    /// The number of increments so far.
    value: AtomicU64,
}

impl Counter {
    /// Starts at 0.
    pub fn new() -> Counter {
        Counter {
            value: AtomicU64::new(0),
        }
    }

    /// Adds 1. Wraps to 0 after 2⁶⁴ increments; at one per nanosecond that takes 584 years.
    #[inline]
    // ANCHOR: increment
    pub fn increment(&self) {
        // Relaxed: a count needs only its own atomicity. It announces no other data.
        self.value.fetch_add(1, Relaxed);
    }
    // ANCHOR_END: increment

    /// Returns the number of increments. It includes every increment that happened before this call: the
    /// caller's own, and those of the threads it has joined. An increment still in progress may or may not
    /// be included. No thread sees the number go down.
    #[inline]
    pub fn get(&self) -> u64 {
        self.value.load(Relaxed)
    }
}
