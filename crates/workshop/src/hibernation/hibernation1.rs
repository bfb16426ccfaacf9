//! `hibernation1`: two counts that a reader gets from one moment.

use interleave::sync::Arc;

use crate::call::locks;
use crate::deliver::deliver;
use crate::race::{Check, Failure, Model, both, does, ends_with, explored, praise};
use crate::verdict::{Means, Picture, Verdict};

/// How many workloads can be hibernated, and how many are.
type Counts = (u64, u64);

/// Grades a tally: `count` counts a workload that can be hibernated, and `counts` returns how many can be and how many are.
pub fn hibernation1<T: Send + Sync + 'static>(
    new: fn() -> T,
    count: fn(&T, bool),
    counts: fn(&T) -> Counts,
) -> Verdict {
    let read: Model<Counts> = Box::new(move || {
        let tally = Arc::new(new());
        let counting = move |tally: &T| count(tally, true);
        both(&tally, ("worker", counting), ("reader", counts)).1
    });
    // Catches answers that lose a count, and answers that are made for one workload.
    let added: Model<Counts> = Box::new(move || {
        let tally = Arc::new(new());
        for is_hibernated in [true, false, true] {
            count(&tally, is_hibernated);
        }
        let counting = |is_hibernated| move |tally: &T| count(tally, is_hibernated);
        both(
            &tally,
            ("worker 1", counting(true)),
            ("worker 2", counting(false)),
        );
        counts(&tally)
    });
    graded(read, added)
}

fn said((can_be, hibernated): &Counts) -> String {
    format!("{hibernated} of {can_be} are hibernated")
}

fn graded(read: Model<Counts>, added: Model<Counts>) -> Verdict {
    deliver(Means::Explored, move || {
        let exploration = explored(
            read,
            Check {
                said,
                expected: "should be 0 of 0 or 1 of 1",
                holds: |counts| [(0, 0), (1, 1)].contains(counts),
                because,
            },
        )?;
        if !ends_with(&exploration, &(1, 1)) {
            let sentence = "The reader never sees the workload, in any order.";
            return Err(Verdict::wrong(Picture::None, sentence));
        }
        explored(
            added,
            Check {
                said,
                expected: "should be 3 of 5",
                holds: |counts| *counts == (5, 3),
                because: |failure| {
                    failure.outcome()?;
                    let sentence = match failure.always {
                        true => {
                            "Five workloads are counted, three of them hibernated, and the counts are others."
                        }
                        false => {
                            "A workload is lost: the other worker counts between a read and a write."
                        }
                    };
                    Some(sentence.into())
                },
            },
        )?;
        let mut praise = praise(&exploration);
        if does(&exploration, locks) {
            praise += " A lock works. Can you do it with one atomic and no lock?";
        }
        Ok(praise)
    })
}

fn because(failure: &Failure<Counts>) -> Option<String> {
    let (can_be, hibernated) = failure.outcome()?;
    if failure.always {
        return Some(
            "One workload is counted, and it is hibernated. No order gives 1 of 1.".into(),
        );
    }
    let sentence = if hibernated > can_be {
        "The reader finds more workloads hibernated than can be: it gets the two counts from two moments."
    } else if hibernated < can_be {
        "The only workload is hibernated, and the reader finds that it isn't: it gets half of what the worker counts."
    } else {
        return None;
    };
    Some(sentence.into())
}
