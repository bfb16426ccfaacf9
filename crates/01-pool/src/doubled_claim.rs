//! Broken on purpose: two workers can read the same number before either moves it on.

use crate::sync::{AtomicUsize, Ordering::Relaxed};

/// Hands out the numbers from 0 up to a length, each of them at least once.
#[derive(Debug)]
pub struct Claims {
    /// The number that the next worker is given.
    next: AtomicUsize,
    len: usize,
}

/// The right to one item. Somebody else may have been given the same.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Claim(usize);

impl Claims {
    /// No number below `len` has been claimed.
    pub fn new(len: usize) -> Claims {
        Claims {
            next: AtomicUsize::new(0),
            len,
        }
    }

    /// The next number, or `None` once all are claimed.
    // ANCHOR: claim
    pub fn claim(&self) -> Option<Claim> {
        let claimed = self.next.load(Relaxed);
        self.next.store(claimed + 1, Relaxed);
        (claimed < self.len).then_some(Claim(claimed))
    }
    // ANCHOR_END: claim
}

impl Claim {
    /// The item's number.
    pub fn index(&self) -> usize {
        self.0
    }
}
