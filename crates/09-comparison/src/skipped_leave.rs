//! Broken on purpose: the line that leaves comes after the work, and never runs if the work panics or its future is
//! dropped.

use crate::sync::{AtomicUsize, Ordering::Relaxed};

/// Counts what is in flight, and what was when its future was dropped.
#[derive(Debug)]
pub struct InFlight {
    /// The number of entries that haven't left, and of those that never will.
    now: AtomicUsize,
    /// The highest value of `now` whose entry has returned; never goes down.
    peak: AtomicUsize,
}

/// One entry. Dropping it does nothing.
#[derive(Debug)]
#[must_use = "an entry has to leave"]
pub struct Entered<'a>(&'a InFlight);

impl InFlight {
    /// Returns a gauge at 0.
    pub fn new() -> InFlight {
        InFlight {
            now: AtomicUsize::new(0),
            peak: AtomicUsize::new(0),
        }
    }

    /// Counts up until the entry leaves.
    pub fn enter(&self) -> Entered<'_> {
        let now = self.now.fetch_add(1, Relaxed) + 1;
        self.peak.fetch_max(now, Relaxed);
        Entered(self)
    }

    /// Awaits `work`, which is in flight from the first poll until it is ready. If it panics or is dropped, it stays
    /// in flight forever.
    // ANCHOR: during
    pub async fn during<R>(&self, work: impl Future<Output = R>) -> R {
        let entered = self.enter();
        let result = work.await;
        entered.leave();
        result
    }
    // ANCHOR_END: during

    fn leave(&self) {
        self.now.fetch_sub(1, Relaxed);
    }

    /// Returns how many are in flight, or more.
    pub fn now(&self) -> usize {
        self.now.load(Relaxed)
    }

    /// Returns the most that have been in flight at once, or more.
    pub fn peak(&self) -> usize {
        self.peak.load(Relaxed)
    }
}

impl Entered<'_> {
    /// Counts down.
    pub fn leave(self) {
        self.0.leave();
    }
}

impl Default for InFlight {
    fn default() -> InFlight {
        InFlight::new()
    }
}
