//! Broken on purpose: the total and its parts are words of their own, so a reader gets them from two moments.

use crate::sync::{AtomicU64, Ordering::Relaxed};
use crate::{Counts, Kind};

/// The counts of a rollout that runs. Workers and readers share it.
#[derive(Debug)]
pub struct Progress {
    total: AtomicU64,
    /// In the order of [`Kind::ALL`]. Their sum never exceeds `total`, which is added to first.
    parts: [AtomicU64; Kind::ALL.len()],
}

impl Progress {
    /// Creates counts of nothing.
    pub fn new() -> Progress {
        Progress {
            total: AtomicU64::new(0),
            parts: Kind::ALL.map(|_| AtomicU64::new(0)),
        }
    }

    /// Counts a cluster that has ended.
    // ANCHOR: end
    pub fn end(&self, kind: Kind) {
        self.total.fetch_add(1, Relaxed);
        let part = &self.parts[kind as usize];
        part.fetch_add(1, Relaxed);
    }
    // ANCHOR_END: end

    /// Returns the total, and its parts a moment later.
    // ANCHOR: counts
    pub fn counts(&self) -> Counts {
        let total = self.total.load(Relaxed);
        let parts = self.parts.each_ref().map(|part| part.load(Relaxed));
        Counts::new(total, parts)
    }
    // ANCHOR_END: counts
}

impl Default for Progress {
    fn default() -> Progress {
        Progress::new()
    }
}
