//! `sync_map3`: a value whose computation can fail.

use interleave::sync::Arc;
use interleave::sync::atomic::{AtomicU32, Ordering::Relaxed};
use interleave::{End, Explorer};

use crate::deliver::deliver;
use crate::race::{Check, Failure, Model, explored_by, joined, praise, spawned};
use crate::sync_map::times;
use crate::verdict::{Means, Verdict};

/// A memo, and how often its value was computed.
struct Counted<M> {
    memo: M,
    computed: AtomicU32,
}

/// What the workers got, what one more got after them, and how often the value was computed.
type Computed = (Vec<Option<u32>>, Option<u32>, u32);

/// Grades a memo of one value: a failure makes it empty again, and wakes the others.
pub fn sync_map3<M: Send + Sync + 'static>(
    new: fn() -> M,
    get_or_compute: fn(&M, &dyn Fn() -> Option<u32>) -> Option<u32>,
    is_ready: fn(&M) -> bool,
) -> Verdict {
    // The first `failures` computations fail. The others return 7.
    let asked = move |workers: &[&str], failures: u32| -> Computed {
        let (memo, computed) = (new(), AtomicU32::new(0));
        let shared = Arc::new(Counted { memo, computed });
        let asks = move |shared: &Counted<M>| {
            get_or_compute(&shared.memo, &|| {
                let earlier = shared.computed.fetch_add(1, Relaxed);
                // Deadlocks if the lock is held.
                is_ready(&shared.memo);
                (earlier >= failures).then_some(7)
            })
        };
        let workers = workers.iter().map(|name| spawned(name, &shared, asks));
        let answers = Vec::from_iter(workers).into_iter().map(joined).collect();
        let later = asks(&shared);
        (answers, later, shared.computed.load(Relaxed))
    };
    graded(
        Box::new(move || asked(&["worker 1", "worker 2"], 0)),
        Box::new(move || asked(&["worker 1", "worker 2"], 1)),
        Box::new(move || asked(&["worker 1", "worker 2", "worker 3"], 0)),
    )
}

fn graded(succeeds: Model<Computed>, fails: Model<Computed>, three: Model<Computed>) -> Verdict {
    let once = || Check {
        said,
        expected: "should be Some(7), computed once",
        holds: |(answers, later, computed)| {
            let mut all = answers.iter().chain([later]);
            all.all(|answer| *answer == Some(7)) && *computed == 1
        },
        because: without_a_failure,
    };
    let twice = Check {
        said,
        expected: "should be one None, and Some(7) for the others",
        holds: |(answers, later, computed)| {
            let mut answers = answers.clone();
            answers.sort();
            answers == [None, Some(7)] && *later == Some(7) && *computed == 2
        },
        because: after_a_failure,
    };
    deliver(Means::Explored, move || {
        explored_by(Explorer::new().spurious(1), succeeds, once())?;
        let exploration = explored_by(Explorer::new().spurious(1), fails, twice)?;
        // Here two workers can wait for one. With three workers, every order would take too long.
        explored_by(Explorer::new().preemptions(3), three, once())?;
        Ok(praise(&exploration))
    })
}

fn said((answers, _, computed): &Computed) -> String {
    let answers = Vec::from_iter(answers.iter().map(|answer| format!("{answer:?}")));
    let answers = answers.join(" and ");
    format!("computed {}, the workers got {answers}", times(*computed))
}

/// The sentence about a lock that is held while a worker computes.
fn held(failure: &Failure<Computed>) -> Option<&'static str> {
    let held = failure.end == End::Blocked && failure.waits_for_a_lock_after("computed");
    held.then_some(
        "The computation calls `is_ready`, which waits for a lock. Do you hold it while you compute?",
    )
}

/// Explains a failure when no computation fails.
fn without_a_failure(failure: &Failure<Computed>) -> Option<String> {
    let sentence = match (held(failure), failure.outcome()) {
        (Some(held), _) => held,
        (None, None) => return None,
        (None, Some((.., 2..))) => {
            "No computation fails, and the value is computed more than once."
        }
        (None, Some(_)) => "No computation fails, and a worker doesn't get the value.",
    };
    Some(sentence.to_owned())
}

/// Explains a failure when the first computation fails.
fn after_a_failure(failure: &Failure<Computed>) -> Option<String> {
    if let Some(held) = held(failure) {
        return Some(held.to_owned());
    }
    let none = |answer: &&Option<u32>| answer.is_none();
    let another = |answer: &Option<u32>| answer.is_some_and(|value| value != 7);
    let sentence = match (&failure.end, failure.outcome()) {
        (End::Blocked, _) => {
            "A worker waits forever for a computation that has failed. After a failure, what does the state say, and \
             who is told?"
        }
        (_, Some((answers, later, _))) if answers.iter().chain([later]).any(another) => {
            "A failure was stored as a value."
        }
        (_, Some((answers, ..))) if answers.iter().all(Option::is_some) => {
            "A computation failed, and its own caller got a value all the same."
        }
        (_, Some((.., 3..))) => "The value was there, and it was computed again.",
        (_, Some((answers, later, _)))
            if answers.iter().chain([later]).filter(none).count() > 1 =>
        {
            "Only one computation failed, but more than one caller got `None`: one that waits has to try by itself."
        }
        _ => return None,
    };
    Some(sentence.to_owned())
}
