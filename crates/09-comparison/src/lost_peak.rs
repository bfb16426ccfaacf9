//! Broken on purpose: another thread can store a higher peak between the comparison and the store, and the store
//! replaces it with a lower one.

use crate::sync::{AtomicUsize, Ordering::Relaxed};

/// Counts what is in flight, and keeps the highest count or a lower one.
#[derive(Debug)]
pub struct InFlight {
    /// The number of guards that exist.
    now: AtomicUsize,
    /// One of the values that `now` has had.
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

    /// Counts up until the guard is dropped.
    // ANCHOR: enter
    pub fn enter(&self) -> Entered<'_> {
        let now = self.now.fetch_add(1, Relaxed) + 1;
        if now > self.peak.load(Relaxed) {
            self.peak.store(now, Relaxed);
        }
        Entered(self)
    }
    // ANCHOR_END: enter

    /// Awaits `work`, which is in flight from the first poll until it is ready, panics or is dropped.
    pub async fn during<R>(&self, work: impl Future<Output = R>) -> R {
        let _entered = self.enter();
        work.await
    }

    fn leave(&self) {
        self.now.fetch_sub(1, Relaxed);
    }

    /// Returns how many are in flight.
    pub fn now(&self) -> usize {
        self.now.load(Relaxed)
    }

    /// Returns the most that have been in flight at once, or fewer.
    pub fn peak(&self) -> usize {
        self.peak.load(Relaxed)
    }
}

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        self.0.leave();
    }
}

impl Default for InFlight {
    fn default() -> InFlight {
        InFlight::new()
    }
}
