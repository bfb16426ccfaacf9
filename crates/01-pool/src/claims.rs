//! Hands out the items' indices to the workers, each index once.

use crate::sync::{AtomicUsize, Ordering::Relaxed};

/// Hands out the indices from 0 up to a length, each exactly once.
#[derive(Debug)]
pub struct Claims {
    /// The index that the next claim gets; `len` or more once all are claimed.
    next: AtomicUsize,
    len: usize,
}

/// The right to one item: no other claim has its index. Only [`Claims::claim`] makes one.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Claim(usize);

impl Claims {
    /// Returns claims for the indices below `len`, none of them claimed yet.
    pub fn new(len: usize) -> Claims {
        Claims {
            next: AtomicUsize::new(0),
            len,
        }
    }

    /// Claims the next index. Once all are claimed, every call returns `None`.
    // ANCHOR: claim
    pub fn claim(&self) -> Option<Claim> {
        // Relaxed: a claim needs only to be atomic. The items were written before the workers started, and awaiting
        // the workers publishes the results.
        let claimed = self.next.fetch_add(1, Relaxed);
        (claimed < self.len).then_some(Claim(claimed))
    }
    // ANCHOR_END: claim

    /// Withdraws the indices that are left: from now on `claim` returns `None`.
    ///
    /// A claim made at the same time may still succeed.
    pub fn close(&self) {
        // Relaxed: it doesn't matter which claims come before this store and which after. A store is enough: `next`
        // may go back to `len`, but never below it.
        self.next.store(self.len, Relaxed);
    }
}

impl Claim {
    /// Returns the item's index.
    pub fn index(&self) -> usize {
        self.0
    }
}
