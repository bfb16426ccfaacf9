//! A rollout that can be stopped. After the stop, no cluster begins. Once no cluster is in flight,
//! exactly one thread reports what was done: the thread that stops the rollout if no cluster is in
//! flight at the stop, and otherwise the thread whose cluster ends last.
//!
//! Between `begin` and `end`, a worker changes its cluster. The report must include every change.

use workshop::Verdict;
use workshop::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

struct Rollout {
    stopped: AtomicBool,
    in_flight: AtomicUsize,
}

impl Rollout {
    fn new() -> Rollout {
        Rollout {
            stopped: AtomicBool::new(false),
            in_flight: AtomicUsize::new(0),
        }
    }

    /// Returns whether a cluster may begin. If it does, the worker calls `end` later.
    fn begin(&self) -> bool {
        // TODO: make sure that there is exactly one report, and that no cluster is in flight then.
        if self.stopped.load(Ordering::Acquire) {
            return false;
        }
        self.in_flight.fetch_add(1, Ordering::AcqRel);
        true
    }

    /// Ends a cluster. Returns whether the caller has to report.
    fn end(&self) -> bool {
        let in_flight = self.in_flight.fetch_sub(1, Ordering::AcqRel) - 1;
        in_flight == 0 && self.stopped.load(Ordering::Acquire)
    }

    /// Stops the rollout, once. Returns whether the caller has to report. Never waits.
    fn stop(&self) -> bool {
        self.stopped.store(true, Ordering::Release);
        self.in_flight.load(Ordering::Acquire) == 0
    }
}

fn main() -> Verdict {
    workshop::deploy::deploy1(Rollout::new, Rollout::begin, Rollout::end, Rollout::stop)
}
