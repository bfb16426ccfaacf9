//! `atomics4`: the lowest and the highest of all values, read as a pair.

use interleave::sync::Arc;

use crate::call::{is_exchange, locks};
use crate::deliver::deliver;
use crate::race::{Check, Failure, Model, both, does, explored, praise};
use crate::verdict::{Means, Verdict};
use crate::why;

type Pair = (u32, u32);

/// Grades a range. `new` takes the first value.
pub fn atomics4<R: Send + Sync + 'static>(
    new: fn(u32) -> R,
    record: fn(&R, u32),
    get: fn(&R) -> Pair,
) -> Verdict {
    let records = move |values: &'static [u32]| {
        move |range: &R| values.iter().for_each(|value| record(range, *value))
    };
    let recorded = move |first: u32, one: &'static [u32], two: &'static [u32]| {
        let range = Arc::new(new(first));
        both(
            &range,
            ("thread 1", records(one)),
            ("thread 2", records(two)),
        );
        get(&range)
    };
    let read_meanwhile = move || {
        let range = Arc::new(new(5));
        both(&range, ("recorder", records(&[3, 9])), ("reader", get)).1
    };
    graded(
        Box::new(move || recorded(5, &[3], &[9])),
        Box::new(move || recorded(10, &[11], &[12, 14])),
        Box::new(read_meanwhile),
    )
}

fn graded(one_each: Model<Pair>, one_and_two: Model<Pair>, read_meanwhile: Model<Pair>) -> Verdict {
    let said: fn(&Pair) -> String = |(low, high)| format!("from {low} to {high}");
    deliver(Means::Explored, move || {
        explored(
            one_each,
            Check {
                said,
                expected: "should be from 3 to 9",
                holds: |pair| *pair == (3, 9),
                because: lost,
            },
        )?;
        explored(
            one_and_two,
            Check {
                said,
                expected: "should be from 10 to 14",
                holds: |pair| *pair == (10, 14),
                because: lost,
            },
        )?;
        let exploration = explored(
            read_meanwhile,
            Check {
                said: |(low, high)| format!("the reader saw {low} to {high}"),
                expected: "should be 5 to 5, 3 to 5 or 3 to 9",
                holds: |pair| [(5, 5), (3, 5), (3, 9)].contains(pair),
                because: |failure| {
                    let sentence = "The reader sees a range that never existed: its two ends are from different \
                                    moments.";
                    failure.outcome().map(|_| sentence.into())
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

/// Explains a failure in which a value is lost.
fn lost(failure: &Failure<Pair>) -> Option<String> {
    let calls = || failure.calls.iter();
    failure.outcome()?;
    let sentence = if failure.always {
        return None;
    } else if failure.retries() {
        "The retry succeeds, but with a range that was computed before the first exchange failed. The other thread's \
         value isn't in it."
    } else if failure.after_failing().any(|call| call.method == "store") {
        "The store after a failed exchange replaces a range that the other thread has extended in the meantime."
    } else if calls().any(is_exchange) && !calls().any(|call| call.failed) {
        "Every exchange succeeds, and a value is still lost: the last exchange replaces the range instead of \
         extending it."
    } else if calls().any(|call| call.method == "swap") {
        "A `swap` replaces whatever is there. Restoring it afterwards is too late."
    } else if let Some(sentence) = why::torn(failure) {
        sentence
    } else if failure.interleaves() {
        "A value is lost: the other thread stores a range between this thread's load and its store."
    } else {
        return None;
    };
    Some(sentence.into())
}
