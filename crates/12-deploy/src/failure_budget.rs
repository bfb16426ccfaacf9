//! Counts how many more clusters may fail before nothing new begins.

use crate::sync::{AtomicU64, Ordering::Relaxed};

/// How many more clusters may fail. Workers share it.
#[derive(Debug)]
pub struct FailureBudget {
    /// Failures that are left. Once 0, stays 0.
    left: AtomicU64,
}

impl FailureBudget {
    /// Creates a budget that this many failures spend. One of 0 is spent from the start.
    pub fn new(failures: u64) -> FailureBudget {
        FailureBudget {
            left: AtomicU64::new(failures),
        }
    }

    /// Whether the budget is spent. A worker that has called [`FailureBudget::fail`] for the last failure, or after it,
    /// gets `true`.
    pub fn is_spent(&self) -> bool {
        // Relaxed: another worker may still read what was left a moment ago. It then begins a cluster as if it had looked
        // a moment ago. If that cluster fails, `fail` reads the newest value, so this happens at most once per worker.
        self.left.load(Relaxed) == 0
    }

    /// Counts a failure. Returns whether it was the one that spent the budget.
    // ANCHOR: fail
    pub fn fail(&self) -> bool {
        // Relaxed: the number is all that is shared. At 0 there is nothing to take, and nothing changes.
        let take = |left: u64| left.checked_sub(1);
        self.left.fetch_update(Relaxed, Relaxed, take) == Ok(1)
    }
    // ANCHOR_END: fail

    /// Spends what is left.
    pub fn spend(&self) {
        // Relaxed: see `fail`.
        self.left.store(0, Relaxed);
    }
}
