//! Broken on purpose: two workers can load the same index before either stores the next one.

use crate::sync::{AtomicUsize, Ordering::Relaxed};

/// Hands out the indices from 0 up to a length, each at least once if `claim` is called until it returns `None`.
#[derive(Debug)]
pub struct Claims {
    /// The index that the next claim gets, unless another claim stores an older one.
    next: AtomicUsize,
    len: usize,
}

/// The right to one item. Another claim may have the same index.
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

    /// Claims the next index. Returns `None` once all are claimed.
    // ANCHOR: claim
    pub fn claim(&self) -> Option<Claim> {
        let claimed = self.next.load(Relaxed);
        self.next.store(claimed + 1, Relaxed);
        (claimed < self.len).then_some(Claim(claimed))
    }
    // ANCHOR_END: claim
}

impl Claim {
    /// Returns the item's index.
    pub fn index(&self) -> usize {
        self.0
    }
}
