//! `sync_map2`: a value that is computed once.

use interleave::sync::Arc;
use interleave::sync::atomic::{AtomicU32, Ordering::Relaxed};

use crate::deliver::deliver;
use crate::race::{Check, Failure, both, explored, praise};
use crate::verdict::{Means, Verdict};

/// A memo, and how often its value was computed. A computation's value is its number, from 1.
struct Counted<M> {
    memo: M,
    computed: AtomicU32,
}

/// How often the value was computed, what the threads got, and whether the value is ready in the end.
type Computed = (u32, [u32; 2], bool);

/// Grades a memo of one value.
pub fn sync_map2<M: Send + Sync + 'static>(
    new: fn() -> M,
    get_or_compute: fn(&M, &dyn Fn() -> u32) -> u32,
    is_ready: fn(&M) -> bool,
) -> Verdict {
    // Looks at the memo while it computes: that deadlocks if the lock is held.
    let asks = move |shared: &Counted<M>| {
        get_or_compute(&shared.memo, &|| {
            is_ready(&shared.memo);
            shared.computed.fetch_add(1, Relaxed) + 1
        })
    };
    let asked = move || -> Computed {
        let (memo, computed) = (new(), AtomicU32::new(0));
        let shared = Arc::new(Counted { memo, computed });
        let (first, second) = both(&shared, ("worker 1", asks), ("worker 2", asks));
        let computed = shared.computed.load(Relaxed);
        (computed, [first, second], is_ready(&shared.memo))
    };
    deliver(Means::Explored, move || {
        let exploration = explored(
            asked,
            Check {
                said: |(computed, answers, _)| {
                    format!("computed {computed} times, the workers got {answers:?}")
                },
                expected: "should be once, and [1, 1]",
                holds: |(computed, answers, ready)| *computed == 1 && *answers == [1, 1] && *ready,
                because,
            },
        )?;
        Ok(praise(&exploration))
    })
}

fn because(failure: &Failure<Computed>) -> Option<String> {
    let sentence = match failure.outcome()? {
        (_, _, false) => "The value was computed, but `is_ready` says that there is none.",
        (2.., ..) if failure.always => {
            "The value is computed twice even if one worker comes after the other."
        }
        (2.., ..) => {
            "The value is computed twice. What does the second worker see while the first one computes?"
        }
        (1, ..) => "The workers got different values.",
        _ => return None,
    };
    Some(sentence.to_owned())
}
