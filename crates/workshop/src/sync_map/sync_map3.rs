//! `sync_map3`: a value whose computation can fail.

use interleave::End;
use interleave::sync::Arc;
use interleave::sync::atomic::{AtomicU32, Ordering::Relaxed};

use crate::deliver::deliver;
use crate::race::{Check, Failure, both, explored, praise};
use crate::verdict::{Means, Verdict};

/// A memo, and how often its value was computed.
struct Counted<M> {
    memo: M,
    computed: AtomicU32,
}

/// What the two workers got, what a third one got after them, and how often the value was computed.
type Computed = ([Option<u32>; 3], u32);

/// Grades a memo of one value: a failure makes it empty again, and wakes the others.
pub fn sync_map3<M: Send + Sync + 'static>(
    new: fn() -> M,
    get_or_compute: fn(&M, &dyn Fn() -> Option<u32>) -> Option<u32>,
) -> Verdict {
    // The first `failures` computations fail. The others return 7.
    let asked = move |failures: u32| -> Computed {
        let (memo, computed) = (new(), AtomicU32::new(0));
        let shared = Arc::new(Counted { memo, computed });
        let asks = move |shared: &Counted<M>| {
            get_or_compute(&shared.memo, &|| {
                let earlier = shared.computed.fetch_add(1, Relaxed);
                (earlier >= failures).then_some(7)
            })
        };
        let (first, second) = both(&shared, ("worker 1", asks), ("worker 2", asks));
        let later = asks(&shared);
        ([first, second, later], shared.computed.load(Relaxed))
    };
    deliver(Means::Explored, move || {
        explored(
            move || asked(0),
            Check {
                said,
                expected: "should be Some(7), computed once",
                holds: |(answers, computed)| *answers == [Some(7); 3] && *computed == 1,
                because: |failure| {
                    let sentence = match failure.outcome()? {
                        (_, 2..) => {
                            "No computation fails, and the value is computed more than once."
                        }
                        _ => "No computation fails, and a worker doesn't get the value.",
                    };
                    Some(sentence.to_owned())
                },
            },
        )?;
        let exploration = explored(
            move || asked(1),
            Check {
                said,
                expected: "should be one None, and Some(7) for the others",
                holds: |(answers, computed)| {
                    let failed = answers.iter().filter(|answer| answer.is_none()).count();
                    failed == 1 && answers[2] == Some(7) && *computed == 2
                },
                because,
            },
        )?;
        Ok(praise(&exploration))
    })
}

fn said(([first, second, _], _): &Computed) -> String {
    format!("the workers got {first:?} and {second:?}")
}

fn because(failure: &Failure<Computed>) -> Option<String> {
    let sentence = match (&failure.end, failure.outcome()) {
        (End::Blocked, _) => {
            "A worker waits forever for a computation that has failed. After a failure, what does the state say, and \
             who is told?"
        }
        (_, Some(([Some(_), Some(_), _], _))) => {
            "A computation failed, and its own caller got a value all the same."
        }
        (_, Some((_, 3..))) => "The value was there, and it was computed again.",
        (_, Some((answers, _))) if answers[..2] == [None, None] || answers[2].is_none() => {
            "Only one computation failed, but more than one caller got `None`: one that waits has to try by itself."
        }
        _ => return None,
    };
    Some(sentence.to_owned())
}
