//! One execution in progress: its threads, what they wait for, and what has been recorded.
//!
//! Loom runs a model's threads as coroutines of one OS thread, so a thread-local holds the execution. No
//! other thread runs between two of loom's branch points: whatever an operation does between two calls of
//! loom is atomic.
//!
//! Three modules hold the state, each its own part: `threads`, `locks` and `trace`. They never call loom's
//! operations. `state` puts them into the thread-local. The others are what an operation does, from its
//! `turn` through the choice of the next thread (`schedule`, `acquire`, `join`) to its `record`.

mod acquire;
mod ends;
mod join;
mod locks;
mod quiet;
mod record;
mod schedule;
mod state;
mod threads;
mod trace;
mod turn;

pub(crate) use acquire::{acquire, acquire_unwinding, lock, release, try_acquire};
pub(crate) use ends::{end, is_cut, panicked, refuse_caught};
pub(crate) use join::{current, finish, join, join_all, name, solo, spawn, start};
pub(crate) use locks::LockId;
pub(crate) use quiet::{HandOver, quiet};
pub(crate) use record::{gap, is_forced, is_seq_cst, record, record_access};
pub(crate) use schedule::{after, block, point, seal, wake};
pub(crate) use state::{Progress, Settings};
pub(crate) use threads::Pending;
pub(crate) use trace::{Candidate, Ending, Gaps, Orderings, Trace};
pub(crate) use turn::{Identity, Turn, turn};

/// Starts an execution. The caller is its `main`.
pub(crate) fn begin(settings: Settings, execution: u64) {
    state::open(settings, execution);
    start(0);
}

/// Whether an execution is in progress on this OS thread.
pub(crate) fn active() -> bool {
    state::try_with(|_| ()).is_some()
}

/// Ends the execution and returns its result. `main` is the last thread to run.
pub(crate) fn finalize() -> Trace {
    while !state::with(|run| run.threads.all_done()) {
        // Reached only if the execution has ended early: the others have yet to unwind.
        loom::thread::yield_now();
        state::with(|run| run.threads.resume(0));
    }
    state::close()
}
