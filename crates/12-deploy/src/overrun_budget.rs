//! Broken on purpose: looks whether a failure is left, then takes it. Two failures at once can take the same one.

use crate::sync::{AtomicU64, Ordering::Relaxed};

/// How many more clusters may fail. Workers share it.
#[derive(Debug)]
pub struct FailureBudget {
    /// Failures that are left. Should stay 0 once it is 0, but wraps around.
    left: AtomicU64,
}

impl FailureBudget {
    /// Creates a budget that this many failures spend. One of 0 is spent from the start.
    pub fn new(failures: u64) -> FailureBudget {
        FailureBudget {
            left: AtomicU64::new(failures),
        }
    }

    /// Whether the budget is spent.
    pub fn is_spent(&self) -> bool {
        self.left.load(Relaxed) == 0
    }

    /// Counts a failure. Returns whether it was the one that spent the budget.
    // ANCHOR: fail
    pub fn fail(&self) -> bool {
        let left = self.left.load(Relaxed);
        if left > 0 {
            self.left.fetch_sub(1, Relaxed);
        }
        left == 1
    }
    // ANCHOR_END: fail
}
