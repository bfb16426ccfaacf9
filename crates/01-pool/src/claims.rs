//! Which worker takes which item: each number once, whoever asks.

use crate::sync::{AtomicUsize, Ordering::Relaxed};

/// Hands out the numbers from 0 up to a length, each of them once.
#[derive(Debug)]
pub struct Claims {
    /// Numbers handed out so far; exceeds `len` by at most one a worker.
    next: AtomicUsize,
    len: usize,
}

/// The right to one item, whose number nobody else was given. Only [`Claims::claim`] makes one.
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

    /// The next number, or `None` once all are claimed, and then forever.
    // ANCHOR: claim
    pub fn claim(&self) -> Option<Claim> {
        // Relaxed: a claim needs no more than its own atomicity. What the items hold was there before
        // the workers were, and who awaits them sees what they did.
        let claimed = self.next.fetch_add(1, Relaxed);
        (claimed < self.len).then_some(Claim(claimed))
    }
    // ANCHOR_END: claim

    /// Claims all that is left, for nobody: from now on `claim` returns `None`.
    pub fn close(&self) {
        // Relaxed: who claims at the same time may still be given a number.
        self.next.fetch_max(self.len, Relaxed);
    }
}

impl Claim {
    /// The item's number.
    pub fn index(&self) -> usize {
        self.0
    }
}
