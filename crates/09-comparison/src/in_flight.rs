//! A gauge of what is in flight: how many now, and the most so far.

use crate::sync::{AtomicUsize, Ordering::Relaxed};

/// Counts what is in flight on any number of threads, and keeps the highest count.
#[derive(Debug)]
pub struct InFlight {
    /// The number of guards that exist.
    now: AtomicUsize,
    /// The highest value of `now` whose entry has returned; never goes down.
    peak: AtomicUsize,
}

/// One entry. Dropping it leaves, even if a panic drops it.
#[derive(Debug)]
#[must_use = "a guard that is dropped at once is never in flight"]
pub struct Entered<'a>(&'a InFlight);

impl InFlight {
    /// Returns a gauge at 0.
    pub fn new() -> InFlight {
        InFlight {
            now: AtomicUsize::new(0),
            peak: AtomicUsize::new(0),
        }
    }

    /// Counts up until the guard is dropped. A guard that is forgotten with [`std::mem::forget`] stays in flight.
    // ANCHOR: enter
    pub fn enter(&self) -> Entered<'_> {
        // Relaxed, here and below: the counts announce no other data. All changes of `now` have one order, and each
        // entry gets the value that it has made, so the highest of these values is the peak.
        let now = self.now.fetch_add(1, Relaxed) + 1;
        self.peak.fetch_max(now, Relaxed);
        Entered(self)
    }
    // ANCHOR_END: enter

    /// Awaits `work`, which is in flight from the first poll until it is ready, panics or is dropped.
    // ANCHOR: during
    pub async fn during<R>(&self, work: impl Future<Output = R>) -> R {
        let _entered = self.enter();
        work.await
    }
    // ANCHOR_END: during

    fn leave(&self) {
        self.now.fetch_sub(1, Relaxed);
    }

    /// Returns how many are in flight: a number that may have changed by the time that you read it.
    pub fn now(&self) -> usize {
        self.now.load(Relaxed)
    }

    /// Returns the most that have been in flight at once, as far as entries have returned. It includes every entry
    /// that happened before this call: the caller's own, and those of the threads it has joined.
    pub fn peak(&self) -> usize {
        self.peak.load(Relaxed)
    }
}

// ANCHOR: drop
impl Drop for Entered<'_> {
    fn drop(&mut self) {
        self.0.leave();
    }
}
// ANCHOR_END: drop

impl Default for InFlight {
    fn default() -> InFlight {
        InFlight::new()
    }
}
