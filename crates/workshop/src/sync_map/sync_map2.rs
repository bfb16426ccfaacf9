//! `sync_map2`: a value that is computed once.

use interleave::sync::Arc;
use interleave::sync::atomic::{AtomicU32, Ordering::Relaxed};
use interleave::{End, Explorer};

use crate::deliver::deliver;
use crate::race::{Check, Failure, Model, explored_by, joined, praise, spawned};
use crate::sync_map::times;
use crate::verdict::{Means, Verdict};

/// A memo, and how often its value was computed. A computation's value is its number, from 1.
struct Counted<M> {
    memo: M,
    computed: AtomicU32,
}

/// How often the value was computed, what the threads got, and whether the value is ready in the end.
type Computed = (u32, Vec<u32>, bool);

/// Grades a memo of one value.
pub fn sync_map2<M: Send + Sync + 'static>(
    new: fn() -> M,
    get_or_compute: fn(&M, &dyn Fn() -> u32) -> u32,
    is_ready: fn(&M) -> bool,
) -> Verdict {
    // Looks at the memo while it computes: that deadlocks if the lock is held.
    let asks = move |shared: &Counted<M>| {
        get_or_compute(&shared.memo, &|| {
            let number = shared.computed.fetch_add(1, Relaxed) + 1;
            is_ready(&shared.memo);
            number
        })
    };
    let asked = move |workers: &[&str]| -> Computed {
        let (memo, computed) = (new(), AtomicU32::new(0));
        let shared = Arc::new(Counted { memo, computed });
        let workers = workers.iter().map(|name| spawned(name, &shared, asks));
        let answers = Vec::from_iter(workers).into_iter().map(joined).collect();
        let computed = shared.computed.load(Relaxed);
        (computed, answers, is_ready(&shared.memo))
    };
    graded(
        Box::new(move || asked(&["worker 1", "worker 2"])),
        Box::new(move || asked(&["worker 1", "worker 2", "worker 3"])),
    )
}

fn graded(two: Model<Computed>, three: Model<Computed>) -> Verdict {
    let check = |expected| Check {
        said: |(computed, answers, _): &Computed| {
            format!("computed {}, the workers got {answers:?}", times(*computed))
        },
        expected,
        holds: |(computed, answers, ready)| {
            *computed == 1 && answers.iter().all(|answer| *answer == 1) && *ready
        },
        because,
    };
    deliver(Means::Explored, move || {
        let once = check("should be once, and [1, 1]");
        let exploration = explored_by(Explorer::new().spurious(1), two, once)?;
        // Here two workers can wait for one. With three workers, every order would take too long.
        let once = check("should be once, and [1, 1, 1]");
        explored_by(Explorer::new().preemptions(3), three, once)?;
        Ok(praise(&exploration))
    })
}

fn because(failure: &Failure<Computed>) -> Option<String> {
    let sentence = match (&failure.end, failure.outcome()) {
        (End::Blocked, _) if failure.waits_for_a_lock_after("computed") => {
            "The computation calls `is_ready`, which waits for a lock. Do you hold it while you compute?"
        }
        (_, Some((_, _, false))) => {
            "The value was computed, but `is_ready` says that there is none."
        }
        (_, Some((2.., ..))) if failure.always => {
            "The value is computed twice even if one worker comes after the other."
        }
        (_, Some((2.., ..))) => {
            "The value is computed twice. What does the second worker see while the first one computes?"
        }
        (_, Some((1, ..))) => "The workers got different values.",
        _ => return None,
    };
    Some(sentence.to_owned())
}
