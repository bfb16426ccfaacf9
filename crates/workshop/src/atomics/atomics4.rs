//! `atomics4`: the lowest and the highest of all values, seen as a pair.

use interleave::sync::Arc;

use crate::call::Call;
use crate::deliver::deliver;
use crate::race::{Check, Failure, does, explored, joined, praise, spawned};
use crate::verdict::{Means, Verdict};
use crate::why;

#[cfg(test)]
#[path = "../../wrong/atomics/atomics4.rs"]
mod wrong;

type Pair = (u32, u32);

/// Grades a range, made of the first value.
pub fn atomics4<R: Send + Sync + 'static>(
    new: fn(u32) -> R,
    record: fn(&R, u32),
    get: fn(&R) -> Pair,
) -> Verdict {
    let recorded = move |first: u32, values: [u32; 2]| {
        let range = Arc::new(new(first));
        let threads = [("thread 1", values[0]), ("thread 2", values[1])]
            .map(|(name, value)| spawned(name, &range, move |range| record(range, value)));
        for thread in threads {
            joined(thread);
        }
        get(&range)
    };
    let read_meanwhile = move || {
        let range = Arc::new(new(5));
        let recorder = spawned("recorder", &range, move |range| {
            record(range, 3);
            record(range, 9);
        });
        let reader = spawned("reader", &range, get);
        joined(recorder);
        joined(reader)
    };
    let said = |(low, high): &Pair| format!("from {low} to {high}");
    deliver(Means::Explored, move || {
        explored(
            move || recorded(5, [3, 9]),
            Check {
                said,
                expected: "should be from 3 to 9",
                holds: |pair| *pair == (3, 9),
                because: lost,
            },
        )?;
        explored(
            move || recorded(6, [8, 7]),
            Check {
                said,
                expected: "should be from 6 to 8",
                holds: |pair| *pair == (6, 8),
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
                    failure.outcome().map(|_| sentence.to_owned())
                },
            },
        )?;
        let mut praise = praise(&exploration);
        if does(&exploration, |call| call.locks()) {
            praise += " A lock works. Can you do it with one atomic and no lock?";
        }
        Ok(Verdict::right(praise))
    })
}

/// A value is lost, or an end of the range with it.
fn lost(failure: &Failure<Pair>) -> Option<String> {
    let calls = failure.calls();
    let exchanges = calls.iter().filter(|call| call.is_exchange()).count();
    failure.outcome()?;
    let sentence = if failure.always {
        return None;
    } else if exchanges > 2 && calls.iter().any(Call::failed) {
        "The retry succeeds, but with a range that was computed before the first exchange failed. The other thread's \
         value isn't in it."
    } else if exchanges > 0 && !calls.iter().any(Call::failed) {
        "Every exchange succeeds, and a value is still lost: the last exchange replaces the range instead of \
         extending it."
    } else if calls.iter().any(|call| call.method == "swap") {
        "A `swap` replaces whatever is there. Restoring it afterwards is too late."
    } else if let Some(sentence) = why::torn(failure) {
        sentence
    } else if failure.interleaves() {
        "A value is lost: the other thread stores a range between this thread's load and its store."
    } else {
        return None;
    };
    Some(sentence.to_owned())
}
