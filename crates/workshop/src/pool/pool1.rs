//! `pool1`: two workers claim items, and must not get the same one.

use interleave::End;
use interleave::sync::Arc;

use crate::deliver::deliver;
use crate::race::{Check, Failure, Model, both, explored, praise};
use crate::verdict::{Means, Verdict};
use crate::why;

/// Grades `claim`, whose first result must be 1.
pub fn pool1<C: Send + Sync + 'static>(new: fn() -> C, claim: fn(&C) -> usize) -> Verdict {
    let one_each = move || {
        let (one, two) = both(&Arc::new(new()), ("worker 1", claim), ("worker 2", claim));
        let mut claimed = [one, two];
        claimed.sort();
        claimed
    };
    let one_and_two = move || {
        let twice = move |claims: &C| [claim(claims), claim(claims)];
        let (one, [first, second]) =
            both(&Arc::new(new()), ("worker 1", claim), ("worker 2", twice));
        [one, first, second]
    };
    graded(Box::new(one_each), Box::new(one_and_two))
}

fn graded(one_each: Model<[usize; 2]>, one_and_two: Model<[usize; 3]>) -> Verdict {
    deliver(Means::Explored, move || {
        explored(
            one_each,
            Check {
                said: |[one, two]| format!("claimed items {one} and {two}"),
                expected: "should be 1 and 2",
                holds: |claimed| *claimed == [1, 2],
                because: for_two,
            },
        )?;
        // Catches answers that only know two items.
        let exploration = explored(
            one_and_two,
            Check {
                said: |[one, first, second]| {
                    format!("worker 1 claimed {one}, worker 2 claimed {first} and {second}")
                },
                expected: "should be 1, 2 and 3",
                holds: |claimed| {
                    let mut claimed = *claimed;
                    claimed.sort();
                    claimed == [1, 2, 3]
                },
                because: for_three,
            },
        )?;
        Ok(praise(&exploration))
    })
}

fn for_two(failure: &Failure<[usize; 2]>) -> Option<String> {
    // Whether a claim is a single addition.
    let added =
        !failure.calls.is_empty() && failure.calls.iter().all(|call| call.method == "fetch_add");
    let before = "`fetch_add` returns the value from before the addition.";
    let sentence = match &failure.end {
        End::Panicked(message) if added => format!("A worker panicked: {message}. {before}"),
        End::Returned([one, two]) if one == two && !failure.always => match why::torn(failure) {
            Some(sentence) => sentence.to_owned(),
            None if failure.interleaves() => {
                "Both workers claim the same item: one claims it between the two operations of the other.".to_owned()
            }
            None => format!("Both workers claim item {one}."),
        },
        End::Returned([1, 3 | 4]) => {
            "The second claim should return 2: an item is skipped.".to_owned()
        }
        End::Returned([first, second]) if first < second && *first != 1 => match added {
            true => format!("No item is claimed twice, but the lowest should be 1. {before}"),
            false => {
                format!("No item is claimed twice, but the lowest should be 1, and it is {first}.")
            }
        },
        _ => return None,
    };
    Some(sentence)
}

fn for_three(failure: &Failure<[usize; 3]>) -> Option<String> {
    failure.outcome()?;
    let sentence = match why::torn(failure) {
        Some(sentence) => sentence,
        None if failure.always => {
            "Two claims go right and a third doesn't: every claim must return a different item."
        }
        None => {
            "One claim in each worker goes right. With a third, one worker claims between two operations of the other."
        }
    };
    Some(sentence.into())
}
