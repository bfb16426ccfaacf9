//! The newest version that any thread has reported, kept by one operation that compares and stores.

use crate::sync::{AtomicU64, Ordering::Relaxed};

/// Remembers the newest version that any thread has reported.
#[derive(Debug, Default)]
pub struct Newest {
    /// The highest version reported so far; 0 if there are none.
    version: AtomicU64,
}

impl Newest {
    /// Starts at version 0.
    pub fn new() -> Newest {
        Newest {
            version: AtomicU64::new(0),
        }
    }

    /// Reports a version. Versions may arrive in any order.
    pub fn report(&self, version: u64) {
        // Relaxed: only the number is shared, not the data of that version.
        // ANCHOR: report
        self.version.fetch_max(version, Relaxed);
        // ANCHOR_END: report
    }

    /// Returns the newest version reported. It is at least every version whose report happened before this
    /// call, and no thread sees it go down.
    pub fn get(&self) -> u64 {
        self.version.load(Relaxed)
    }
}
