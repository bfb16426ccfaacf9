//! Broken on purpose: another increment can come between the load and the store, and is overwritten.

use crate::sync::{AtomicU64, Ordering::Relaxed};

/// Counts most increments. Each access is atomic; the pair of them is not.
#[derive(Debug, Default)]
pub struct Counter {
    /// At most the number of increments that have begun.
    value: AtomicU64,
}

impl Counter {
    /// Nothing has been counted.
    pub fn new() -> Counter {
        Counter {
            value: AtomicU64::new(0),
        }
    }

    /// Adds 1, unless another thread does so at the same time: then one of the two may be lost.
    #[inline]
    // ANCHOR: increment
    pub fn increment(&self) {
        let seen = self.value.load(Relaxed);
        self.value.store(seen + 1, Relaxed);
    }
    // ANCHOR_END: increment

    /// How many increments were counted.
    #[inline]
    pub fn get(&self) -> u64 {
        self.value.load(Relaxed)
    }
}
