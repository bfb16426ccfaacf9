//! A counter that any thread may increment.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

// ANCHOR: hit
/// Counts hits.
#[derive(Default)]
pub struct Hits(AtomicU64);

impl Hits {
    /// Counts a hit and returns the new count.
    pub fn hit(&self) -> u64 {
        // Relaxed: nothing else is published through the count.
        self.0.fetch_add(1, Relaxed) + 1
    }
}
// ANCHOR_END: hit
