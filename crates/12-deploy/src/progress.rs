//! Counts what has become of the clusters, under one lock: a reader gets the total and its parts of one moment.

use crate::sync::Mutex;
use crate::{Counts, Kind};

/// The counts of a rollout that runs. Workers and readers share it.
#[derive(Debug)]
pub struct Progress {
    /// Add up whenever the lock is free.
    counts: Mutex<Counts>,
}

impl Progress {
    /// Creates counts of nothing.
    pub fn new() -> Progress {
        Progress {
            counts: Mutex::new(Counts::default()),
        }
    }

    /// Counts a cluster that has ended.
    // ANCHOR: end
    pub fn end(&self, kind: Kind) {
        let mut counts = self.counts.lock().expect("no panic under the lock");
        counts.total += 1;
        *counts.part(kind) += 1;
    }
    // ANCHOR_END: end

    /// Returns the counts of one moment.
    // ANCHOR: counts
    pub fn counts(&self) -> Counts {
        // Not one word, as in chapter 8: six counts of 50,000 clusters don't fit.
        *self.counts.lock().expect("no panic under the lock")
    }
    // ANCHOR_END: counts
}

impl Default for Progress {
    fn default() -> Progress {
        Progress::new()
    }
}
