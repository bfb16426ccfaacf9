//! A value handed over by a flag: who sees the flag sees the value.

use crate::sync::{
    AtomicBool, AtomicU64,
    Ordering::{Acquire, Relaxed, Release},
};

/// A place for one value, which one thread hands to others.
#[derive(Debug, Default)]
pub struct Slot {
    value: AtomicU64,
    /// Set once `value` was stored; who sees it set sees the value.
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
    /// Hands the value over. Done again, a reader may get either value until it has seen the second.
    pub fn publish(&self, value: u64) {
        self.value.store(value, Relaxed);
        // Release: whoever sees the flag by an Acquire load sees all that came before this line.
        self.published.store(true, Release);
    }

    /// The value, or `None` if none was seen to be published. Never waits.
    pub fn get(&self) -> Option<u64> {
        self.published
            .load(Acquire) // Acquire: the other half. Only then is the value read.
            .then(|| self.value.load(Relaxed))
    }
    // ANCHOR_END: publish
}
