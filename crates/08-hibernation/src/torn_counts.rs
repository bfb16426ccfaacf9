//! Broken on purpose: each count is a word of its own, so a reader gets them from two moments.

use crate::Counts;
use crate::sync::{AtomicU64, Ordering::Relaxed};

/// The counts of a check that runs. As in the talk, nothing is unknown.
#[derive(Debug)]
pub struct Tally {
    can_be_hibernated: AtomicU64,
    /// Never exceeds `can_be_hibernated`, which is added to first.
    hibernated: AtomicU64,
}

impl Tally {
    /// Starts with nothing counted.
    pub fn new() -> Tally {
        Tally {
            can_be_hibernated: AtomicU64::new(0),
            hibernated: AtomicU64::new(0),
        }
    }

    /// Adds to the counts.
    // ANCHOR: add
    pub fn add(&self, more: Counts) {
        self.can_be_hibernated
            .fetch_add(more.can_be_hibernated, Relaxed);
        self.hibernated.fetch_add(more.hibernated, Relaxed);
    }
    // ANCHOR_END: add

    /// Returns both counts, the second a moment later than the first.
    // ANCHOR: counts
    pub fn counts(&self) -> Counts {
        Counts {
            can_be_hibernated: self.can_be_hibernated.load(Relaxed),
            hibernated: self.hibernated.load(Relaxed),
            unknown: 0,
        }
    }
    // ANCHOR_END: counts
}

impl Default for Tally {
    fn default() -> Tally {
        Tally::new()
    }
}
