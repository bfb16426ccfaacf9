//! A number under a lock: right, for more than a number too, and slower.

use crate::sync::Mutex;

/// Counts every increment, whoever else counts.
#[derive(Debug, Default)]
pub struct Counter {
    /// The number of increments so far.
    value: Mutex<u64>,
}

impl Counter {
    /// Nothing has been counted.
    pub fn new() -> Counter {
        Counter {
            value: Mutex::new(0),
        }
    }

    /// Adds 1. Waits while another thread holds the lock.
    #[inline]
    // ANCHOR: increment
    pub fn increment(&self) {
        // The lock is held over the read and the write: until the end of this line.
        *self.value.lock().expect("no panic while it is held") += 1;
    }
    // ANCHOR_END: increment

    /// How many increments there were. Whatever thread saw a number, nobody sees a smaller one after it.
    /// Waits while another thread holds the lock.
    #[inline]
    pub fn get(&self) -> u64 {
        *self.value.lock().expect("no panic while it is held")
    }
}
