//! One thread hands a value to others: a reader that sees the flag sees the value.

use crate::sync::{
    AtomicBool, AtomicU64,
    Ordering::{Acquire, Relaxed, Release},
};

/// A slot for one value, which one thread hands to others.
#[derive(Debug, Default)]
pub struct Slot {
    value: AtomicU64,
    /// Set after `value` is stored. A reader that sees it set sees the value.
    published: AtomicBool,
}

impl Slot {
    /// Starts empty.
    pub fn new() -> Slot {
        Slot {
            value: AtomicU64::new(0),
            published: AtomicBool::new(false),
        }
    }

    // ANCHOR: publish
    /// Publishes the value. If this is called again, a reader may get either value
    /// until it has got the second.
    pub fn publish(&self, value: u64) {
        self.value.store(value, Relaxed);
        // Release: a reader that acquires this `true` sees the value too.
        self.published.store(true, Release);
    }

    /// Returns the value, or `None` if the flag isn't visible yet. Never waits.
    pub fn get(&self) -> Option<u64> {
        self.published
            .load(Acquire) // Acquire: the value is read after the flag.
            .then(|| self.value.load(Relaxed))
    }
    // ANCHOR_END: publish
}
