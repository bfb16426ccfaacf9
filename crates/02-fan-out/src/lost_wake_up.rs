//! Broken on purpose: the count is an atomic that `done` changes without the lock. If `done` notifies between a waiting
//! thread's look at the count and its sleep, the notification wakes no thread, and the thread waits forever.

use std::sync::PoisonError;

use crate::sync::{
    AtomicUsize, Condvar, Mutex,
    Ordering::{AcqRel, Acquire, Relaxed},
};
use crate::wait_group::BelowZero;

/// A count of what hasn't ended yet. Threads wait until it is 0.
#[derive(Debug)]
pub struct WaitGroup {
    /// What was added and isn't done.
    count: AtomicUsize,
    /// Held by a thread that looks at the count and goes to sleep.
    gate: Mutex<()>,
    /// Notified whenever the count becomes 0.
    zero: Condvar,
}

impl WaitGroup {
    /// Returns a group whose count is 0.
    pub fn new() -> WaitGroup {
        WaitGroup {
            count: AtomicUsize::new(0),
            gate: Mutex::new(()),
            zero: Condvar::new(),
        }
    }

    /// Adds `more` to the count, which wraps around if it would be larger than a `usize` can hold.
    pub fn add(&self, more: usize) {
        // Relaxed: what is added is started later, and the start publishes the count.
        self.count.fetch_add(more, Relaxed);
    }

    /// Subtracts 1 from the count. If it becomes 0, wakes all waiting threads.
    ///
    /// # Errors
    ///
    /// [`BelowZero`] if the count is 0. It then stays 0.
    // ANCHOR: done
    pub fn done(&self) -> Result<(), BelowZero> {
        // AcqRel: whatever was done before each `done` happens before the return of the wait.
        let subtracted = self
            .count
            .fetch_update(AcqRel, Acquire, |count| count.checked_sub(1));
        if subtracted.map_err(|_| BelowZero)? == 1 {
            self.zero.notify_all();
        }
        Ok(())
    }
    // ANCHOR_END: done

    /// Should block until the count is 0, but may block forever.
    // ANCHOR: wait
    pub fn wait(&self) {
        let mut gate = self.gate.lock().unwrap_or_else(PoisonError::into_inner);
        // Acquire: pairs with the release in `done`.
        while self.count.load(Acquire) > 0 {
            gate = self.zero.wait(gate).unwrap_or_else(PoisonError::into_inner);
        }
    }
    // ANCHOR_END: wait
}

impl Default for WaitGroup {
    fn default() -> WaitGroup {
        WaitGroup::new()
    }
}
