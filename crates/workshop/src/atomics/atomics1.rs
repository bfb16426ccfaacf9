//! `atomics1`: a flag announces a value.

use interleave::sync::Arc;

use crate::call::{Call, calls};
use crate::deliver::deliver;
use crate::race::{Check, Failure, ends_with, explored, joined, praise, spawned};
use crate::verdict::{Means, Picture, Verdict};

/// Grades a slot: `publish` stores a value, and `get` returns it, or `None` if it isn't published yet.
pub fn atomics1<S: Send + Sync + 'static>(
    new: fn() -> S,
    publish: fn(&S, u64),
    get: fn(&S) -> Option<u64>,
) -> Verdict {
    let published = move |value: u64| {
        let slot = Arc::new(new());
        let writer = spawned("writer", &slot, move |slot| publish(slot, value));
        let reader = spawned("reader", &slot, get);
        joined(writer);
        joined(reader)
    };
    let said = |got: &Option<u64>| match got {
        Some(value) => format!("the reader got {value}"),
        None => "the reader got nothing yet".to_owned(),
    };
    deliver(Means::Explored, move || {
        let exploration = explored(
            move || published(42),
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
        // Catches answers that know the value.
        let exploration = explored(
            move || published(17),
            Check {
                said,
                expected: "should be 17, or nothing yet",
                holds: |got| matches!(got, None | Some(17)),
                because: |failure| {
                    let sentence = "Here 17 is published, and the reader gets something else. Does `get` read the \
                                    value?";
                    failure.outcome().map(|_| sentence.to_owned())
                },
            },
        )?;
        // Catches answers that don't check the flag.
        let zero = explored(
            move || published(0),
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
        let lanes = passing.simplest_where(Option::is_some).lanes();
        let stronger = calls(&lanes).iter().any(|call| match call.method {
            "load" | "store" => {
                call.arguments.contains("SeqCst") || call.is_strong() && !is_flag(call)
            }
            _ => false,
        });
        if stronger {
            praise += " Weaker orderings are enough: the operations on the value can be `Relaxed`, and nothing needs \
                       `SeqCst`.";
        }
        Ok(Verdict::right(praise))
    })
}

/// Returns whether the operation is on the flag, judged by its value: `true` or `false`.
fn is_flag(call: &Call<'_>) -> bool {
    let is_bool = |text: &str| text.starts_with("true") || text.starts_with("false");
    is_bool(call.arguments) || call.returned.is_some_and(is_bool)
}

fn because(failure: &Failure<Option<u64>>) -> Option<String> {
    failure.outcome()?;
    if failure.always {
        return None;
    }
    let calls = failure.calls();
    // A fence counts as an ordering of the flag.
    let is_fence = |call: &Call<'_>| call.method == "fence";
    let flag_first = |thread| {
        let calls = failure.calls_of(thread);
        let place = |flag| {
            calls
                .iter()
                .position(|it| !is_fence(it) && is_flag(it) == flag)
        };
        Some(place(true)? < place(false)?)
    };
    let strong = |flag| {
        let strong = calls.iter().filter(|call| call.is_strong());
        strong
            .filter(|call| (is_fence(call) || is_flag(call)) == flag)
            .count()
    };
    let sentence = if !calls.iter().any(Call::is_stale) {
        match (flag_first("writer"), flag_first("reader")) {
            (Some(true), _) => "The writer raises the flag before it stores the value.",
            (_, Some(false)) => {
                "The reader reads the value before it checks the flag, so the value can be older than the flag."
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
    Some(sentence.to_owned())
}
