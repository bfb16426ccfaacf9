//! Broken on purpose: another thread can store a newer version between the comparison and the store, and
//! the store replaces it with an older one.

use crate::sync::{AtomicU64, Ordering::Relaxed};

/// Remembers the newest version that any thread has reported, or an older one.
#[derive(Debug, Default)]
pub struct Newest {
    /// One of the versions reported so far; 0 if there are none.
    version: AtomicU64,
}

impl Newest {
    /// Starts at version 0.
    pub fn new() -> Newest {
        Newest {
            version: AtomicU64::new(0),
        }
    }

    /// Reports a version. If another thread reports one at the same time, the older of the two can remain.
    pub fn report(&self, version: u64) {
        if version > self.version.load(Relaxed) {
            self.version.store(version, Relaxed);
        }
    }

    /// Returns the version that was stored last.
    pub fn get(&self) -> u64 {
        self.version.load(Relaxed)
    }
}
