//! Broken on purpose: a reader can see the flag, and then read the old value.

use crate::sync::{AtomicBool, AtomicU64, Ordering::Relaxed};

/// A slot for one value, which one thread hands to others.
#[derive(Debug, Default)]
pub struct Slot {
    value: AtomicU64,
    /// Set after `value` is stored, but other threads may see the two stores in either order.
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
    /// Publishes the value.
    pub fn publish(&self, value: u64) {
        self.value.store(value, Relaxed);
        self.published.store(true, Relaxed);
    }

    /// Should return the value, or `None` if the flag isn't visible yet.
    pub fn get(&self) -> Option<u64> {
        self.published
            .load(Relaxed)
            .then(|| self.value.load(Relaxed))
    }
    // ANCHOR_END: publish
}
