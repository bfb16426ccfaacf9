//! Broken on purpose: a reader can see that the value is there, and read what was there before.

use crate::sync::{AtomicBool, AtomicU64, Ordering::Relaxed};

/// A place for one value, which one thread hands to others.
#[derive(Debug, Default)]
pub struct Slot {
    value: AtomicU64,
    /// Set once `value` was stored; nothing makes others see it in this order.
    published: AtomicBool,
}

impl Slot {
    /// Nothing has been published.
    pub fn new() -> Slot {
        Slot {
            value: AtomicU64::new(0),
            published: AtomicBool::new(false),
        }
    }

    // ANCHOR: publish
    /// Hands the value over.
    pub fn publish(&self, value: u64) {
        self.value.store(value, Relaxed);
        self.published.store(true, Relaxed);
    }

    /// The value, or `None` if none was seen to be published; or else 0, though one was.
    pub fn get(&self) -> Option<u64> {
        self.published
            .load(Relaxed)
            .then(|| self.value.load(Relaxed))
    }
    // ANCHOR_END: publish
}
