//! A number under a lock: correct and easy to extend to several numbers, but slower.

use crate::sync::Mutex;

/// Counts every increment, from any number of threads.
#[derive(Debug, Default)]
pub struct Counter {
    /// The number of increments so far.
    value: Mutex<u64>,
}

impl Counter {
    /// Starts at 0.
    pub fn new() -> Counter {
        Counter {
            value: Mutex::new(0),
        }
    }

    /// Adds 1. Waits while another thread holds the lock.
    #[inline]
    // ANCHOR: increment
    pub fn increment(&self) {
        // The guard lives until the end of this line, so the lock is held for both read and write.
        *self.value.lock().expect("never poisoned") += 1;
    }
    // ANCHOR_END: increment

    /// Returns the number of increments. Once any thread has read a number, no later call returns a smaller
    /// one. Waits while another thread holds the lock.
    #[inline]
    pub fn get(&self) -> u64 {
        *self.value.lock().expect("never poisoned")
    }
}
