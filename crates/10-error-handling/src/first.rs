//! Keeps the first failure of several workers.

use crate::sync::{AtomicUsize, Ordering::Relaxed};

/// Keeps the index of the item that failed first.
#[derive(Debug)]
pub struct FirstError {
    /// 0 until an item fails. Then the number of that item, which is its index and 1, forever.
    item: AtomicUsize,
}

impl FirstError {
    /// Returns a `FirstError` for items of which none has failed.
    pub fn new() -> FirstError {
        FirstError {
            item: AtomicUsize::new(0),
        }
    }

    /// Reports that the item at `index` has failed. Returns whether it is the first. If it isn't, nothing changes.
    // ANCHOR: set
    pub fn set(&self, index: usize) -> bool {
        // Relaxed: the exchange needs only to be atomic. The failure itself is published when its worker ends.
        self.item
            .compare_exchange(0, index + 1, Relaxed, Relaxed)
            .is_ok()
    }
    // ANCHOR_END: set

    /// Returns the index of the item that failed first, if one has failed.
    pub fn get(&self) -> Option<usize> {
        // Relaxed: see `set`.
        self.item.load(Relaxed).checked_sub(1)
    }
}

impl Default for FirstError {
    fn default() -> FirstError {
        FirstError::new()
    }
}
