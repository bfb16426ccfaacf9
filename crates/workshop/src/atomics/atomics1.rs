//! `atomics1`: a flag announces a value.

use std::sync::atomic::Ordering::SeqCst;

use interleave::Call;
use interleave::sync::Arc;

use crate::call::is_strong;
use crate::deliver::deliver;
use crate::race::{Check, Failure, Model, both, ends_with, explored, praise};
use crate::verdict::{Means, Picture, Verdict};

/// Grades a slot: `publish` stores a value, and `get` returns it, or `None` if it isn't published yet.
pub fn atomics1<S: Send + Sync + 'static>(
    new: fn() -> S,
    publish: fn(&S, u64),
    get: fn(&S) -> Option<u64>,
) -> Verdict {
    let published = move |value: u64| -> Model<Option<u64>> {
        let writes = move |slot: &S| publish(slot, value);
        Box::new(move || both(&Arc::new(new()), ("writer", writes), ("reader", get)).1)
    };
    // Catches answers that know the value, and answers that don't check the flag.
    graded(published(42), published(17), published(0))
}

type Got = Option<u64>;

fn graded(published: Model<Got>, another: Model<Got>, zero: Model<Got>) -> Verdict {
    let said: fn(&Got) -> String = |got| match got {
        Some(value) => format!("the reader got {value}"),
        None => "the reader got nothing yet".to_owned(),
    };
    deliver(Means::Explored, move || {
        let exploration = explored(
            published,
            Check {
                said,
                expected: "should be 42, or nothing yet",
                holds: |got| matches!(got, None | Some(42)),
                because,
            },
        )?;
        if !ends_with(&exploration, &Some(42)) {
            let sentence = "The reader never gets the value, in any order. Once the flag is up, `get` has to \
                            return it.";
            return Err(Verdict::wrong(Picture::None, sentence));
        }
        let exploration = explored(
            another,
            Check {
                said,
                expected: "should be 17, or nothing yet",
                holds: |got| matches!(got, None | Some(17)),
                because: |failure| {
                    let sentence = "Here 17 is published, and the reader gets something else. Does `get` read the \
                                    value?";
                    failure.outcome().map(|_| sentence.into())
                },
            },
        )?;
        let zero = explored(
            zero,
            Check {
                said,
                expected: "should be 0, or nothing yet",
                holds: |got| matches!(got, None | Some(0)),
                because: |_| None,
            },
        )?;
        if !ends_with(&zero, &Some(0)) {
            let sentence =
                "Here 0 is published, and the reader never gets it. Does `get` check the flag?";
            return Err(Verdict::wrong(Picture::None, sentence));
        }
        let mut praise = praise(&exploration);
        let passing = exploration.always(|_| true);
        let calls = passing.simplest_where(Option::is_some).execution().calls();
        let mut accesses = calls
            .iter()
            .filter(|call| ["load", "store"].contains(&call.method));
        if accesses
            .any(|call| call.orderings.contains(&SeqCst) || is_strong(call) && !is_flag(call))
        {
            praise += " Weaker orderings are enough: the operations on the value can be `Relaxed`, and nothing needs \
                       `SeqCst`.";
        }
        Ok(praise)
    })
}

/// Returns whether the operation is on the flag, judged by its value: `true` or `false`.
fn is_flag(call: &Call) -> bool {
    let mut values = call.arguments.iter().chain(&call.returned);
    values.any(|value| ["true", "false"].contains(&value.as_str()))
}

fn because(failure: &Failure<Got>) -> Option<String> {
    failure.outcome()?;
    if failure.always {
        return None;
    }
    // A fence counts as an ordering of the flag.
    let is_fence = |call: &Call| call.method == "fence";
    let flag_first = |thread| {
        let mut accesses = failure.calls_of(thread).filter(|(_, call)| !is_fence(call));
        let (_, first) = accesses.next()?;
        accesses
            .any(|(_, call)| is_flag(call) != is_flag(first))
            .then(|| is_flag(first))
    };
    let strong = |flag| {
        let strong = failure.calls.iter().filter(|call| is_strong(call));
        strong
            .filter(|call| (is_fence(call) || is_flag(call)) == flag)
            .count()
    };
    let sentence = if !failure.calls.iter().any(|call| call.stale) {
        match (flag_first("writer"), flag_first("reader")) {
            (Some(true), _) => "The writer raises the flag before it stores the value.",
            (_, Some(false)) => {
                "The reader reads the value before it checks the flag, so the value can be older than the flag."
            }
            (_, None) => {
                "The reader gets a value that isn't published yet. Does `get` check the flag?"
            }
            _ => return None,
        }
    } else if strong(true) == 1 {
        "Only one side of the flag has an ordering. It takes two: the reader has to acquire what the writer releases."
    } else if strong(true) == 0 && strong(false) > 0 {
        "The orderings are on the value, and the flag has none. The reader checks the flag first, so it is the flag \
         that has to publish the value."
    } else {
        "The reader sees the flag and then an old value: nothing orders the two."
    };
    Some(sentence.into())
}
