//! A rollout that can be stopped. After the stop, no cluster begins. Once no cluster is in flight,
//! exactly one thread reports what was done: the thread that stops the rollout if no cluster is in
//! flight at the stop, and otherwise the thread whose cluster ends last.
//!
//! Between `begin` and `end`, a worker changes its cluster. The report must include every change.

use workshop::Verdict;
use workshop::sync::atomic::{AtomicUsize, Ordering};

/// The rollout is stopped.
const STOPPED: usize = 1;
/// A cluster is in flight.
const CLUSTER: usize = 2;

struct Rollout {
    /// How many clusters are in flight, and whether the rollout is stopped. They are one word, so
    /// that each decision sees both as they are at one moment.
    state: AtomicUsize,
}

impl Rollout {
    fn new() -> Rollout {
        Rollout {
            state: AtomicUsize::new(0),
        }
    }

    /// Returns whether a cluster may begin. If it does, the worker calls `end` later.
    fn begin(&self) -> bool {
        // The look and the change are one operation. A `fetch_add` that is taken back would show
        // `stop` a cluster that never ends.
        let begin = |state| (state & STOPPED == 0).then_some(state + CLUSTER);
        let (set, fetch) = (Ordering::Relaxed, Ordering::Relaxed);
        self.state.fetch_update(set, fetch, begin).is_ok()
    }

    /// Ends a cluster. Returns whether the caller has to report.
    fn end(&self) -> bool {
        // The last one sees that it is the last, and that the rollout is stopped. It releases its
        // own change, and acquires the changes of those that ended before.
        self.state.fetch_sub(CLUSTER, Ordering::AcqRel) == STOPPED + CLUSTER
    }

    /// Stops the rollout, once. Returns whether the caller has to report. Never waits.
    fn stop(&self) -> bool {
        self.state.fetch_or(STOPPED, Ordering::Acquire) < CLUSTER
    }
}

fn main() -> Verdict {
    workshop::deploy::deploy1(Rollout::new, Rollout::begin, Rollout::end, Rollout::stop)
}
