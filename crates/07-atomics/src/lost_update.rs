//! Broken on purpose: another increment can come between the load and the store, and the store discards it.

use crate::sync::{AtomicU64, Ordering::Relaxed};

/// Counts most increments. Each access is atomic; the pair is not.
#[derive(Debug, Default)]
pub struct Counter {
    /// At most the number of increments that have begun.
    value: AtomicU64,
}

impl Counter {
    /// Starts at 0.
    pub fn new() -> Counter {
        Counter {
            value: AtomicU64::new(0),
        }
    }

    /// Adds 1. If another thread increments at the same time, one of the two increments can be lost.
    #[inline]
    // ANCHOR: increment
    pub fn increment(&self) {
        let seen = self.value.load(Relaxed);
        self.value.store(seen + 1, Relaxed);
    }
    // ANCHOR_END: increment

    /// Returns the number of increments that weren't lost.
    #[inline]
    pub fn get(&self) -> u64 {
        self.value.load(Relaxed)
    }
}
