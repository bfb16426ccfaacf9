//! The execution in progress on this OS thread.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::{Arc, Mutex};

use super::locks::Locks;
use super::threads::{Thread, Threads};
use super::trace::{Candidate, Ending, Record, Trace};
use crate::event::Site;

thread_local! {
    static RUN: RefCell<Option<Run>> = const { RefCell::new(None) };
}

/// The explorer's settings for all executions.
#[derive(Clone)]
pub(crate) struct Settings {
    /// Leaves the choice of orders to loom's own reduction.
    pub(crate) reduced: bool,
    /// Explores `SeqCst` exactly, which is correct only if no access is weaker.
    pub(crate) seq_cst: bool,
    /// The operations that are spurious events in every execution that reaches them.
    pub(crate) forced: Arc<[Candidate]>,
    /// The largest number of recorded operations in an execution.
    pub(crate) max_operations: usize,
    pub(crate) progress: Arc<Mutex<Progress>>,
}

/// How far an exploration has come, for the watchdog.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Progress {
    pub(crate) operations: u64,
    pub(crate) last: Option<Site>,
}

/// One execution. Each part keeps its own fields private.
pub(super) struct Run {
    /// The execution's number, which no other execution of the process has.
    pub(super) execution: u64,
    pub(super) settings: Settings,
    /// Touched by every recorded operation. No thread waits on it.
    pub(super) point: Rc<loom::sync::Condvar>,
    pub(super) threads: Threads,
    pub(super) locks: Locks,
    pub(super) record: Record,
    /// Set once, when the execution is cut short.
    pub(super) ending: Option<Ending>,
}

/// Calls `f` with the execution in progress. `f` must not call loom's operations, which may switch threads.
///
/// # Panics
///
/// Outside a model.
pub(super) fn with<R>(f: impl FnOnce(&mut Run) -> R) -> R {
    RUN.with_borrow_mut(|run| f(run.as_mut().expect("inside an execution")))
}

/// Like `with`, but returns `None` outside a model.
pub(super) fn try_with<R>(f: impl FnOnce(&Run) -> R) -> Option<R> {
    RUN.with_borrow(|run| run.as_ref().map(f))
}

/// Sets the execution in progress: only `main` exists, and it has not started.
pub(super) fn open(settings: Settings, execution: u64) {
    let main = Thread::new("main".into());
    RUN.set(Some(Run {
        execution,
        settings,
        point: Rc::new(loom::sync::Condvar::new()),
        threads: Threads::new(main),
        locks: Locks::default(),
        record: Record::default(),
        ending: None,
    }));
}

/// Removes the execution and returns its result.
pub(super) fn close() -> Trace {
    let run = RUN.take().expect("inside an execution");
    run.record.into_trace(run.threads.into_names(), run.ending)
}
