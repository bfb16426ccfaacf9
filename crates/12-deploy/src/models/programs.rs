//! The models: small programs that the explorer runs in every order.

use std::fmt;
use std::sync::Arc;

use interleave::thread::named;
use interleave::{Execution, Exploration, explore, variants};

use crate::{Counts, Kind, failure_budget, overrun_budget, progress, torn_progress};

variants! {
    /// What both budgets do.
    pub(crate) trait FailureBudget {
        fn new(failures: u64) -> Self;
        fn fail(&self) -> bool;
        fn is_spent(&self) -> bool;
    }
    for failure_budget::FailureBudget, overrun_budget::FailureBudget
}

/// What two workers learn after their clusters have failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Failed {
    /// How many were told that theirs was the last failure.
    pub(crate) told: usize,
    /// How many found later that the budget isn't spent, and go on to another cluster.
    pub(crate) go_on: usize,
}

impl Failed {
    /// Whether the budget of one failure held.
    pub(crate) fn is_held(&self) -> bool {
        *self == Failed { told: 1, go_on: 0 }
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Failed { told, go_on } = self;
        write!(f, "told to stop: {told}, go on: {go_on}")
    }
}

/// The clusters of two workers fail at once, and so many failures are left.
// ANCHOR: two-fail
pub(crate) fn two_fail<B: FailureBudget, const LEFT: u64>() -> Failed {
    let budget = Arc::new(B::new(LEFT));
    let workers = ["worker 1", "worker 2"].map(|name| {
        let budget = budget.clone();
        named(name, move || (budget.fail(), budget.is_spent()))
    });
    let learnt = workers.map(|worker| worker.join().unwrap());
    Failed {
        told: learnt.iter().filter(|(told, _)| *told).count(),
        go_on: learnt.iter().filter(|(_, is_spent)| !is_spent).count(),
    }
}
// ANCHOR_END: two-fail

pub(crate) fn fail_at_once<B: FailureBudget>() -> Exploration<Failed> {
    explore(two_fail::<B, 1>).worded(Failed::to_string, "should be 1 and 0")
}

/// Whether a worker looks, is overtaken by the other one, and looks again.
pub(crate) fn tries_again(execution: &Execution<Failed>) -> bool {
    // Each worker loads, compares and exchanges, and loads. Without a second look, one of them compares nothing.
    execution.steps() == 6 && execution.stale_reads() == 0
}

variants! {
    /// What both counts do.
    pub(crate) trait Progress {
        fn new() -> Self;
        fn end(&self, kind: Kind);
        fn counts(&self) -> Counts;
    }
    for progress::Progress, torn_progress::Progress
}

/// A worker's cluster ends while a reader asks for the counts.
// ANCHOR: one-ends
pub(crate) fn one_ends_and_one_reads<P: Progress>() -> Counts {
    let progress = Arc::new(P::new());
    let worker = {
        let progress = progress.clone();
        named("worker", move || progress.end(Kind::Applied))
    };
    let reader = named("reader", move || progress.counts());
    worker.join().unwrap();
    reader.join().unwrap()
}
// ANCHOR_END: one-ends

pub(crate) fn read_meanwhile<P: Progress>() -> Exploration<Counts> {
    explore(one_ends_and_one_reads::<P>).worded(Counts::to_string, "should be 0, or 1: 1 applied")
}
