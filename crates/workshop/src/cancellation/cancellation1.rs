//! `cancellation1`: a task that waits for a signal.

use std::future::poll_fn;
use std::task::{Poll, Waker};

use interleave::End;
use interleave::future::block_on;
use interleave::sync::Arc;

use super::sets_late;
use crate::call::locks;
use crate::deliver::deliver;
use crate::race::{Check, Failure, Model, both, explored, praise};
use crate::verdict::{Means, Verdict};
use crate::why;

/// Whether the task was ready when it was polled: twice before the signal was cancelled, and once after it.
type Polled = ([bool; 2], bool);

const SPINS: &str = "A loop ran for 1,000 operations and would go on forever. A `poll` doesn't wait. Return `Pending`: \
                     the waker that `cancel` calls gets the task polled again.";

/// Grades a signal: `poll` is ready once `cancel` was called, and otherwise the waker is called by then.
pub fn cancellation1<S: Send + Sync + 'static>(
    new: fn() -> S,
    cancel: fn(&S),
    poll: fn(&S, &Waker) -> Poll<()>,
) -> Verdict {
    let waits = move |signal: &S| block_on(poll_fn(|context| poll(signal, context.waker())));
    let waiting = move || {
        both(&Arc::new(new()), ("task", waits), ("watcher", cancel));
    };
    // Catches a first waker that is kept.
    let moved = move || {
        let signal = Arc::new(new());
        let _ = poll(&signal, Waker::noop());
        both(&signal, ("task", waits), ("watcher", cancel));
    };
    // Catches a poll that is ready too early, or never.
    let polling = move || -> Polled {
        let signal = Arc::new(new());
        // Twice: a waker that is stored says nothing about the flag.
        let early = [(); 2].map(|()| poll(&signal, Waker::noop()).is_ready());
        let polls = move |signal: &S| poll(signal, Waker::noop()).is_ready();
        both(&signal, ("task", polls), ("watcher", cancel));
        (early, poll(&signal, Waker::noop()).is_ready())
    };
    graded(Box::new(polling), Box::new(waiting), Box::new(moved))
}

fn graded(polling: Model<Polled>, waiting: Model<()>, moved: Model<()>) -> Verdict {
    deliver(Means::Explored, move || {
        explored(
            polling,
            Check {
                said: |([first, second], late)| {
                    format!("ready before: {first} and {second}, ready after: {late}")
                },
                expected: "should be false twice, then true",
                holds: |polled| *polled == ([false; 2], true),
                because: |failure| {
                    if failure.is_alone() && failure.end == End::Blocked {
                        return Some(why::blocked(&failure.calls).replacen("A thread", "`poll`", 1));
                    }
                    let sentence = match failure.outcome()? {
                        ([false, true], _) => {
                            "`poll` is ready when it is called a second time, although nothing has called `cancel` yet."
                        }
                        ([true, _], _) => "`poll` is ready although nothing has called `cancel` yet.",
                        ([false, false], _) => "`cancel` was called, and `poll` still isn't ready.",
                    };
                    Some(sentence.into())
                },
            },
        )
        .map_err(|verdict| verdict.spinning(SPINS))?;
        let stops = |because| Check {
            said: |()| "the task stops".to_owned(),
            expected: "",
            holds: |()| true,
            because,
        };
        let exploration =
            explored(waiting, stops(because)).map_err(|verdict| verdict.spinning(SPINS))?;
        explored(moved, stops(because_moved)).map_err(|verdict| verdict.spinning(SPINS))?;
        Ok(praise(&exploration))
    })
}

fn because(failure: &Failure<()>) -> Option<String> {
    if failure.end != End::Blocked {
        return None;
    }
    let waits_for_lock = failure.calls.iter().any(|call| call.blocked && locks(call));
    let first = failure.calls_of("watcher").next().map(|(place, _)| place);
    let polls = || failure.calls_of("task").filter(|(_, call)| !call.blocked);
    let sentence = match waits_for_lock {
        true => return None,
        _ if sets_late(failure, "task") => {
            "`cancel` wakes the waiter before it sets the flag. A task that comes in between sees neither."
        }
        _ if polls().all(|(_, call)| ["load", "poll"].contains(&call.method)) => {
            "The task is waiting, and nothing calls its waker: `poll` doesn't leave it anywhere."
        }
        _ if failure.is_done_before("watcher", "task") => {
            "The signal is cancelled before the task begins, and the task still waits forever."
        }
        _ if polls().all(|(place, _)| first.is_some_and(|first| place < first)) => {
            "The task is waiting already when the signal is cancelled, and nothing calls its waker."
        }
        _ => {
            "The task waits forever. Follow it from its look at the flag to its registration: what does the watcher do \
             in between, and does the task ever hear of it?"
        }
    };
    Some(sentence.into())
}

fn because_moved(failure: &Failure<()>) -> Option<String> {
    let blocked = failure.calls.iter().find(|call| call.blocked)?;
    let sentence = "The task is polled with one waker, then with another, and nothing calls the second. `cancel` has to \
                    call the waker of the last poll.";
    (failure.end == End::Blocked && !locks(blocked)).then(|| sentence.into())
}
