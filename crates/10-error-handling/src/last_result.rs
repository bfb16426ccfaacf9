//! Broken on purpose, as in production: all tasks assign to one result, so a later success erases a failure.

use crate::sync::{AtomicUsize, Ordering::Relaxed};

/// The result that was assigned last.
#[derive(Debug)]
pub struct LastResult {
    /// The number of the task that assigned last, which is its index and 1, if it failed. 0 if it succeeded.
    task: AtomicUsize,
}

impl LastResult {
    /// Returns the result of no task.
    pub fn new() -> LastResult {
        LastResult {
            task: AtomicUsize::new(0),
        }
    }

    /// Assigns the result of the task at `index`.
    // ANCHOR: assign
    pub fn assign<E>(&self, index: usize, result: &Result<(), E>) {
        let task = match result {
            Err(_) => index + 1,
            Ok(()) => 0,
        };
        self.task.store(task, Relaxed);
    }
    // ANCHOR_END: assign

    /// Returns the index of the task that assigned last, if it failed.
    pub fn get(&self) -> Option<usize> {
        self.task.load(Relaxed).checked_sub(1)
    }
}

impl Default for LastResult {
    fn default() -> LastResult {
        LastResult::new()
    }
}
