//! `hibernation1`: two counts that a reader gets from one moment.

use interleave::sync::Arc;
use interleave::{Call, Exploration};

use crate::call::{locks, writes};
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
        for is_hibernated in [true, false] {
            count(&tally, is_hibernated);
        }
        both(
            &tally,
            ("worker 1", move |tally: &T| count(tally, true)),
            ("worker 2", move |tally: &T| {
                count(tally, false);
                count(tally, true);
            }),
        );
        counts(&tally)
    });
    // Catches a reader that gets two counts that are possible, but not at one moment.
    let moments: Model<Counts> = Box::new(move || {
        let tally = Arc::new(new());
        count(&tally, true);
        let counting = move |tally: &T| {
            for is_hibernated in [false, true, false] {
                count(tally, is_hibernated);
            }
        };
        both(&tally, ("worker", counting), ("reader", counts)).1
    });
    graded(read, added, moments)
}

/// The counts at each moment of the model `moments`.
const MOMENTS: [Counts; 4] = [(1, 1), (2, 1), (3, 2), (4, 2)];

fn said((can_be, hibernated): &Counts) -> String {
    format!("{hibernated} of {can_be} are hibernated")
}

fn graded(read: Model<Counts>, added: Model<Counts>, moments: Model<Counts>) -> Verdict {
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
                because: miscounted,
            },
        )?;
        explored(
            moments,
            Check {
                said,
                expected: "should be 1 of 1, 1 of 2, 2 of 3 or 2 of 4",
                holds: |counts| MOMENTS.contains(counts),
                because: |failure| {
                    let (can_be, hibernated) = failure.outcome()?;
                    Some(format!(
                        "It is never {hibernated} of {can_be}: the worker counts from 1 of 1 to 1 of 2, 2 of 3 and 2 of 4."
                    ))
                },
            },
        )?;
        if let Some(room) = room(&exploration).filter(|room| *room < 32) {
            return Err(Verdict::wrong(
                Picture::None,
                format!(
                    "A count has room for only {room} bits. There can be nearly 2³² workloads."
                ),
            ));
        }
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

fn miscounted(failure: &Failure<Counts>) -> Option<String> {
    let (can_be, hibernated) = *failure.outcome()?;
    let tries = |call: &Call| call.method.starts_with("try_");
    let sentence = if failure.always || can_be > 5 || hibernated > 3 {
        "Five workloads are counted, three of them hibernated, and the counts are others."
    } else if failure.calls.iter().any(tries) {
        "A workload is lost: a worker doesn't get the lock, and doesn't wait for it."
    } else if failure.calls.iter().any(|call| call.failed) && !failure.retries() {
        "A workload is lost: a worker's exchange fails, and the worker doesn't try again."
    } else {
        "A workload is lost: the other worker counts between a read and a write."
    };
    Some(sentence.into())
}

/// Returns how many bits the smaller count has in a word that one operation changes. `None` if there is no such word.
fn room(exploration: &Exploration<Counts>) -> Option<u32> {
    let passing = exploration.clone().always(|_| true);
    let calls = passing.simplest().execution().calls();
    let mut written = calls.iter().filter(|call| writes(call));
    let (call, None) = (written.next()?, written.next()) else {
        return None;
    };
    let word: u64 = call.arguments.last()?.parse().ok()?;
    let upper = word.checked_sub(1).filter(|rest| rest.is_power_of_two())?;
    let bits = upper.ilog2();
    Some(bits.min(u64::BITS - bits))
}
