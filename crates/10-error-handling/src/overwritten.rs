//! Broken on purpose: two workers can both look and find no failure, and the second overwrites the first.

use crate::sync::{AtomicUsize, Ordering::Relaxed};

/// Keeps the index of an item that failed, often the first.
#[derive(Debug)]
pub struct FirstError {
    /// 0 until an item fails. Then the number of that item, which is its index and 1, unless another one overwrites it.
    item: AtomicUsize,
}

impl FirstError {
    /// Returns a `FirstError` for items of which none has failed.
    pub fn new() -> FirstError {
        FirstError {
            item: AtomicUsize::new(0),
        }
    }

    /// Reports that the item at `index` has failed. Returns whether it seems to be the first.
    // ANCHOR: set
    pub fn set(&self, index: usize) -> bool {
        let is_first = self.get().is_none();
        if is_first {
            self.item.store(index + 1, Relaxed);
        }
        is_first
    }
    // ANCHOR_END: set

    /// Returns the index of an item that failed, if one has failed.
    pub fn get(&self) -> Option<usize> {
        self.item.load(Relaxed).checked_sub(1)
    }
}

impl Default for FirstError {
    fn default() -> FirstError {
        FirstError::new()
    }
}
