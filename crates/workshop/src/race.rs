//! Explores an answer, and chooses the execution to show.

use std::fmt::Debug;
use std::hash::Hash;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Instant;

use interleave::{Call, End, Exploration, Explorer, Refused, sync, thread};

use crate::call::{is_exchange, locks};
use crate::deliver::patience;
use crate::verdict::{Kind, Picture, Verdict};
use crate::why;

/// The longest run of a model in which nothing waits in real time, in microseconds.
const LONGEST: u64 = 1_000;

/// A model. It is boxed, so that the explorer is compiled with the grader, and not with every answer.
pub(crate) type Model<T> = Box<dyn Fn() -> T + Send + Sync>;

/// What every outcome of a model has to be, and what to say about one that isn't.
pub(crate) struct Check<T> {
    /// Puts an outcome into words, for the picture.
    pub(crate) said: fn(&T) -> String,
    /// What the picture says about an outcome that fails.
    pub(crate) expected: &'static str,
    /// Accepts an outcome.
    pub(crate) holds: fn(&T) -> bool,
    /// Returns the sentence about a failing execution, or `None` if a general one from [`why`] will do.
    pub(crate) because: fn(&Failure<T>) -> Option<String>,
}

/// The simplest execution that fails.
pub(crate) struct Failure<T> {
    /// How it ends.
    pub(crate) end: End<T>,
    /// How all executions end, failing or not.
    pub(crate) ends: Vec<End<T>>,
    /// Whether every execution fails, so that no race is to blame.
    pub(crate) always: bool,
    /// Whether something waits in real time, judged by the quickest run.
    pub(crate) sleeps: bool,
    /// Whether a wait returned although nobody notified, or a `compare_exchange_weak` failed without a reason.
    pub(crate) spurious: bool,
    /// The operations, in order.
    pub(crate) calls: Vec<Call>,
    /// The names of the threads.
    threads: Vec<String>,
}

impl<T> Failure<T> {
    /// Returns what the model returned, if it did.
    pub(crate) fn outcome(&self) -> Option<&T> {
        match &self.end {
            End::Returned(outcome) => Some(outcome),
            End::Blocked | End::Panicked(_) => None,
        }
    }

    /// Returns whether a thread runs between two operations of another.
    pub(crate) fn interleaves(&self) -> bool {
        let mut threads = Vec::from_iter(self.calls.iter().map(|call| call.thread));
        threads.dedup();
        threads.len() > 2
    }

    /// Returns whether it ended before the threads started.
    pub(crate) fn is_alone(&self) -> bool {
        self.threads.len() == 1
    }

    /// Returns whether an exchange succeeds after one of the same thread has failed.
    pub(crate) fn retries(&self) -> bool {
        self.after_failing()
            .any(|call| is_exchange(call) && !call.failed)
    }

    /// Returns the operations that come after a failed compare-exchange of the same thread.
    pub(crate) fn after_failing(&self) -> impl Iterator<Item = &Call> {
        let mut failed = Vec::new();
        self.calls.iter().filter(move |call| {
            let after = failed.contains(&call.thread);
            failed.extend(call.failed.then_some(call.thread));
            after
        })
    }

    /// Returns the operations of a thread, each with its position.
    pub(crate) fn calls_of(&self, thread: &str) -> impl Iterator<Item = (usize, &Call)> {
        let calls = self.calls.iter().enumerate();
        calls.filter(move |(_, call)| self.threads[call.thread] == thread)
    }

    /// Returns whether a thread waits forever for a lock, and the operation before that was on `object`.
    pub(crate) fn waits_for_a_lock_after(&self, object: &str) -> bool {
        let threads = (0..self.threads.len()).map(|thread| {
            let calls = self.calls.iter().filter(move |call| call.thread == thread);
            Vec::from_iter(calls)
        });
        let mut ends = threads.filter_map(|calls| calls.last_chunk::<2>().copied());
        ends.any(|[before, last]| {
            let on = before.object.as_deref();
            last.blocked && locks(last) && on.is_some_and(|on| on.ends_with(object))
        })
    }

    /// Returns whether all operations of `thread` come before all operations of `other`, which has at least one.
    pub(crate) fn is_done_before(&self, thread: &str, other: &str) -> bool {
        let last = self.calls_of(thread).last().map(|(place, _)| place);
        let first = self.calls_of(other).next().map(|(place, _)| place);
        first.is_some_and(|first| last < Some(first))
    }
}

/// Explores the model in every order. Returns `Ok` if every outcome is accepted.
pub(crate) fn explored<T: Clone + Debug + Eq + Hash + Send + 'static>(
    model: impl Fn() -> T + Send + Sync + 'static,
    check: Check<T>,
) -> Result<Exploration<T>, Verdict> {
    explored_by(Explorer::new(), model, check)
}

/// Explores the model with these settings. `Explorer::new().spurious(1)` finds a wait that isn't in a loop.
pub(crate) fn explored_by<T: Clone + Debug + Eq + Hash + Send + 'static>(
    explorer: Explorer,
    model: impl Fn() -> T + Send + Sync + 'static,
    check: Check<T>,
) -> Result<Exploration<T>, Verdict> {
    let quickest = Arc::new(AtomicU64::new(u64::MAX));
    let timed = quickest.clone();
    let model: Model<T> = Box::new(move || {
        let begun = Instant::now();
        let outcome = model();
        timed.fetch_min(begun.elapsed().as_micros() as u64, Relaxed);
        outcome
    });
    // An operation takes microseconds.
    let explorer = explorer.patience(patience(1));
    let exploration = explorer.try_explore(model).map_err(refused)?;
    let exploration = exploration.worded(check.said, check.expected);
    // A busy machine slows some runs down, but not all of them.
    let quickest = quickest.load(Relaxed);
    let sleeps = quickest > LONGEST && quickest < u64::MAX;
    let right = |end: &End<T>| matches!(end, End::Returned(outcome) if (check.holds)(outcome));
    let ends = Vec::from_iter(exploration.ends().into_iter().map(|(end, _)| end.clone()));
    if ends.iter().all(right) {
        return match exploration.executions().len() {
            1 => Err(Verdict::of(Kind::Refused, Picture::None, why::ONE_ORDER)),
            _ => Ok(exploration),
        };
    }
    let always = !ends.iter().any(right);
    let failing = exploration.failing(|outcome| !(check.holds)(outcome));
    let shown = failing.simplest();
    let failure = Failure {
        end: shown.execution().end().clone(),
        ends,
        always,
        sleeps,
        spurious: shown.execution().spurious_events() > 0,
        calls: shown.execution().calls(),
        threads: shown.execution().threads().map(str::to_owned).collect(),
    };
    let sentence = why::woken_by_nobody(&failure)
        .or_else(|| (check.because)(&failure))
        .unwrap_or_else(|| why::fails(&failure));
    let kind = match failure.end {
        End::Panicked(_) => Kind::Panicked,
        End::Returned(_) | End::Blocked => Kind::Wrong,
    };
    let picture = Picture::Execution(Box::new((shown.lanes(), failure.calls)));
    Err(Verdict::of(kind, picture, sentence))
}

/// Returns the verdict on an answer that can't be explored.
pub(crate) fn refused(refused: Refused) -> Verdict {
    Verdict::of(why::kind(&refused), Picture::None, why::refused(&refused))
}

/// Returns whether any execution ends with this outcome.
pub(crate) fn ends_with<T: Debug + Eq>(exploration: &Exploration<T>, outcome: &T) -> bool {
    let mut executions = exploration.executions().iter();
    executions.any(|execution| execution.outcome() == Some(outcome))
}

/// Returns whether the simplest execution has an operation that `picks` accepts. No execution may fail.
pub(crate) fn does<T: Clone + Debug + Eq>(
    exploration: &Exploration<T>,
    picks: fn(&Call) -> bool,
) -> bool {
    let passing = exploration.clone().always(|_| true);
    passing.simplest().execution().calls().iter().any(picks)
}

/// Returns the sentence about a right answer.
pub(crate) fn praise<T: Debug + Eq>(exploration: &Exploration<T>) -> String {
    let count = exploration.executions().len();
    let spurious = match exploration.spurious() {
        0 => "",
        _ => ", even if a wait returns early",
    };
    format!("✓ Explored {count} executions, none fails (every order{spurious}).")
}

/// Runs two threads that share `shared`. Returns their results, or passes on a panic.
pub(crate) fn both<S: Send + Sync + 'static, A: Send + 'static, B: Send + 'static>(
    shared: &sync::Arc<S>,
    (one, one_does): (&str, impl FnOnce(&S) -> A + Send + 'static),
    (two, two_does): (&str, impl FnOnce(&S) -> B + Send + 'static),
) -> (A, B) {
    let one = spawned(one, shared, one_does);
    let two = spawned(two, shared, two_does);
    (joined(one), joined(two))
}

/// Starts a thread that shares `shared` with other threads.
pub(crate) fn spawned<S: Send + Sync + 'static, T: Send + 'static>(
    name: &str,
    shared: &sync::Arc<S>,
    body: impl FnOnce(&S) -> T + Send + 'static,
) -> thread::JoinHandle<T> {
    let shared = shared.clone();
    thread::named(name, move || body(&shared))
}

/// Waits for a thread and returns its result, or passes on its panic.
pub(crate) fn joined<T>(handle: thread::JoinHandle<T>) -> T {
    let result = handle.join();
    result.unwrap_or_else(|payload| std::panic::resume_unwind(payload))
}
