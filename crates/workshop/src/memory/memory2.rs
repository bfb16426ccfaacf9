//! `memory2`: a task that was freed gets no owner.

use interleave::sync::Arc;

use crate::deliver::deliver;
use crate::race::{Check, Failure, both, explored, joined, praise, spawned};
use crate::verdict::{Means, Verdict};
use crate::why::torn;

/// A task with one owner: another joins, one leaves, and another joins. Then both leave.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct InTurn {
    joined: [bool; 2],
    /// Whether the first of two owners was told to free the task.
    early: bool,
    frees: u8,
    /// Whether the two that join after that have become owners.
    late: [bool; 2],
}

/// Whether the owner was told to free the task, and whether the wake has become an owner.
type Woken = (bool, bool);

/// The same, for an owner and two wakes.
type Twice = (bool, [bool; 2]);

/// What the owners were told, in the order in which they left, and whether a later wake has become an owner.
type Ended = (Vec<bool>, bool);

/// Grades a number of owners: `join` returns whether the caller is an owner now, and `leave` whether it was the last.
pub fn memory2<O: Send + Sync + 'static>(
    new: fn(usize) -> O,
    join: fn(&O) -> bool,
    leave: fn(&O) -> bool,
) -> Verdict {
    let in_turn = move || {
        let owners = Arc::new(new(1));
        let first = join(&owners);
        let early = leave(&owners);
        let joined = [first, join(&owners)];
        // Two threads leave, so that there is something to explore.
        let (one, two) = both(&owners, ("owner 1", leave), ("owner 2", leave));
        let frees = u8::from(one) + u8::from(two);
        InTurn {
            joined,
            early,
            frees,
            // A count below 0 wraps around, so nothing is added to it.
            late: [(); 2].map(|()| frees == 1 && join(&owners)),
        }
    };
    // With `owners` owners, one leaves while the wake joins.
    let at_once = move |owners: usize| {
        move || -> Woken {
            let owners = Arc::new(new(owners));
            both(&owners, ("owner", leave), ("wake", join))
        }
    };
    // Then all that are left leave, and another wake joins.
    let until_freed = move |count: usize| {
        move || -> Ended {
            let owners = Arc::new(new(count));
            let (first, woken) = both(&owners, ("owner", leave), ("wake", join));
            let rest = (1..count + usize::from(woken)).map(|_| leave(&owners));
            let told = Vec::from_iter([first].into_iter().chain(rest));
            let freed = told.ends_with(&[true]);
            (told, freed && join(&owners))
        }
    };
    let two_wakes = move || -> Twice {
        let owners = Arc::new(new(1));
        let owner = spawned("owner", &owners, leave);
        let wakes = ["wake 1", "wake 2"].map(|wake| spawned(wake, &owners, join));
        (joined(owner), wakes.map(joined))
    };
    deliver(Means::Explored, move || {
        explored(in_turn, in_turn_check())?;
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
                because: woken,
            },
        )?;
        explored(until_freed(2), ended_check())?;
        explored(until_freed(1), ended_check())?;
        explored(two_wakes, twice_check())?;
        Ok(praise(&exploration))
    })
}

fn in_turn_check() -> Check<InTurn> {
    Check {
        said: |it| {
            let (early, frees, [one, two], [three, four]) =
                (it.early, it.frees, it.joined, it.late);
            format!("joined: {one}, {two}, freed: {early}, {frees}×, then joined: {three}, {four}")
        },
        expected: "should be true, true, false, 1×, false, false",
        holds: |it| it.joined == [true; 2] && !it.early && it.frees == 1 && it.late == [false; 2],
        because: |failure| {
            let it = failure.outcome()?;
            let sentence = match (it.joined, it.early, it.late) {
                ([true, false], true, _) => {
                    "Joining returns `true`, but adds no owner: the first of two that leave is told to free the task."
                }
                ([false, _] | [_, false], ..) => "The task has an owner, and joining is refused.",
                (_, true, _) => "The first of two owners leaves, and is told to free the task.",
                (.., [true, _]) => "Both owners have left, and joining still succeeds.",
                (.., [_, true]) => {
                    "Both owners have left. Joining is refused once, but succeeds the next time: a call that is refused \
                     must not change the count."
                }
                _ => "Two owners leave, and not exactly one of them is told to free the task.",
            };
            Some(sentence.to_owned())
        },
    }
}

fn woken(failure: &Failure<Woken>) -> Option<String> {
    let sentence = match failure.outcome()? {
        (true, true) if failure.retries() => {
            "The exchange fails because no owner is left, and the retry adds 1 to 0. Check for 0 again before each retry."
        }
        (true, true) => torn(failure).unwrap_or(
            "The task is freed, and the wake owns it. What does the owner do between the look and the addition?",
        ),
        _ => "The task has no owner any more, and nobody was told to free it.",
    };
    Some(sentence.to_owned())
}

fn ended_check() -> Check<Ended> {
    Check {
        said: |(told, late)| format!("freed: {told:?}, joined later: {late}"),
        expected: "only the last one frees the task, and then joining is refused",
        holds: |(told, late)| told.iter().position(|frees| *frees) == Some(told.len() - 1) && !late,
        because: |failure| {
            let (told, late) = failure.outcome()?;
            let sentence = match told.iter().position(|frees| *frees) {
                None => {
                    "All owners have left, and none was told to free the task. Joining takes several operations, and the \
                     owner leaves between two of them."
                }
                Some(frees) if frees + 1 == told.len() && *late => {
                    "The task is freed and the wake is refused, but the next wake succeeds: a call that is refused must \
                     not change the count."
                }
                Some(_) => {
                    "Joining returns `true`, but the task is freed while it still has an owner. A failed exchange adds \
                     nothing."
                }
            };
            Some(sentence.to_owned())
        },
    }
}

fn twice_check() -> Check<Twice> {
    Check {
        said: |(freed, [one, two])| format!("freed: {freed}, woken: {one} and {two}"),
        expected: "a freed task has no owner, and a task that isn't freed takes both",
        holds: |outcome| matches!(outcome, (true, [false, false]) | (false, [true, true])),
        because: |failure| {
            let sentence = match failure.outcome()? {
                (true, _) => {
                    "The task is freed, and a wake owns it. A call that is refused must not change the count, not even \
                     for a moment."
                }
                _ => {
                    "A wake is refused although the task has an owner. An exchange can fail more than once: try again \
                     until it succeeds or the count is 0."
                }
            };
            Some(sentence.to_owned())
        },
    }
}
