//! `memory2`: a task that was freed gets no owner.

use interleave::sync::Arc;

use crate::deliver::deliver;
use crate::race::{Check, Failure, both, explored, praise};
use crate::verdict::{Means, Verdict};
use crate::why::torn;

/// Whether the owner was told to free the task, and whether the wake has become an owner.
type Woken = (bool, bool);

/// Grades a number of owners: `join` returns whether the caller is an owner now, and `leave` whether it was the last.
pub fn memory2<O: Send + Sync + 'static>(
    new: fn(usize) -> O,
    join: fn(&O) -> bool,
    leave: fn(&O) -> bool,
) -> Verdict {
    let in_turn = move || {
        let owners = Arc::new(new(1));
        let joined = join(&owners);
        // Two threads leave, so that there is something to explore.
        let (one, two) = both(&owners, ("owner 1", leave), ("owner 2", leave));
        let late = join(&owners);
        (joined, u8::from(one) + u8::from(two), late)
    };
    // With `owners` owners, one leaves while the wake joins.
    let at_once = move |owners: usize| {
        move || -> Woken {
            let owners = Arc::new(new(owners));
            both(&owners, ("owner", leave), ("wake", join))
        }
    };
    deliver(Means::Explored, move || {
        explored(
            in_turn,
            Check {
                said: |(joined, frees, late)| {
                    format!("joined: {joined}, freed {frees} times, joined later: {late}")
                },
                expected: "should be true, once, false",
                holds: |outcome| *outcome == (true, 1, false),
                because: |failure| {
                    let sentence = match failure.outcome()? {
                        (false, ..) => "The task has an owner, and joining is refused.",
                        (_, _, true) => "Both owners have left, and joining still succeeds.",
                        _ => {
                            "Two owners leave, and not exactly one of them is told to free the task."
                        }
                    };
                    Some(sentence.to_owned())
                },
            },
        )?;
        explored(
            at_once(2),
            Check {
                said: |(freed, woken)| format!("freed: {freed}, woken: {woken}"),
                expected: "another owner stays, so it should be false and true",
                holds: |outcome| *outcome == (false, true),
                because: |failure| {
                    let sentence = match failure.outcome()? {
                        (_, false) => {
                            "One of two owners leaves, and joining is refused although the other one stays. What does a \
                             failed exchange return?"
                        }
                        _ => torn(failure)
                            .unwrap_or("One of two owners leaves, and is told to free the task."),
                    };
                    Some(sentence.to_owned())
                },
            },
        )?;
        let exploration = explored(
            at_once(1),
            Check {
                said: |(freed, woken)| format!("freed: {freed}, woken: {woken}"),
                expected: "a freed task has no owner",
                holds: |outcome| matches!(outcome, (true, false) | (false, true)),
                because,
            },
        )?;
        Ok(praise(&exploration))
    })
}

fn because(failure: &Failure<Woken>) -> Option<String> {
    let sentence = match failure.outcome()? {
        (true, true) => torn(failure).unwrap_or(
            "The task is freed, and the wake owns it. What does the owner do between the look and the addition?",
        ),
        _ => "The task has no owner any more, and nobody was told to free it.",
    };
    Some(sentence.to_owned())
}
