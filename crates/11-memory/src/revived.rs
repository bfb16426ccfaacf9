//! Broken on purpose: the last owner can leave between the look at the count and the addition.

use crate::count::Count;
use crate::sync::{
    AtomicUsize,
    Ordering::{AcqRel, Relaxed},
};

/// A number of owners that can rise from 0 to 1.
#[derive(Debug)]
pub struct Owners {
    /// The owners that have not left, or that came back after the memory was freed.
    count: AtomicUsize,
}

impl Count for Owners {
    fn one() -> Owners {
        Owners {
            count: AtomicUsize::new(1),
        }
    }

    fn add(&self) {
        self.count.fetch_add(1, Relaxed);
    }

    // ANCHOR: add-unless-zero
    fn add_unless_zero(&self) -> bool {
        if self.count.load(Relaxed) == 0 {
            return false;
        }
        self.count.fetch_add(1, Relaxed);
        true
    }
    // ANCHOR_END: add-unless-zero

    fn remove(&self) -> bool {
        self.count.fetch_sub(1, AcqRel) == 1
    }
}
