//! `cancellation1`: a task that waits for a signal.

use std::future::poll_fn;
use std::task::{Poll, Waker};

use interleave::End;
use interleave::future::block_on;
use interleave::sync::Arc;

use crate::call::locks;
use crate::deliver::deliver;
use crate::race::{Check, Failure, Model, both, explored, praise};
use crate::verdict::{Means, Verdict};

/// How a task was polled: the first answer, and the one after the signal was cancelled.
type Polled = (bool, bool);

/// Grades a signal: `poll` is ready once `cancel` was called, and otherwise the waker is called by then.
pub fn cancellation1<S: Send + Sync + 'static>(
    new: fn() -> S,
    cancel: fn(&S),
    poll: fn(&S, &Waker) -> Poll<()>,
) -> Verdict {
    let waiting = move || {
        let waits = move |signal: &S| block_on(poll_fn(|context| poll(signal, context.waker())));
        both(&Arc::new(new()), ("task", waits), ("watcher", cancel));
    };
    // Catches a poll that is ready too early, or never.
    let polling = move || -> Polled {
        let signal = Arc::new(new());
        let early = poll(&signal, Waker::noop()).is_ready();
        let polls = move |signal: &S| poll(signal, Waker::noop()).is_ready();
        both(&signal, ("task", polls), ("watcher", cancel));
        (early, poll(&signal, Waker::noop()).is_ready())
    };
    graded(Box::new(polling), Box::new(waiting))
}

fn graded(polling: Model<Polled>, waiting: Model<()>) -> Verdict {
    deliver(Means::Explored, move || {
        explored(
            polling,
            Check {
                said: |(early, late)| format!("ready before: {early}, ready after: {late}"),
                expected: "should be false, then true",
                holds: |polled| *polled == (false, true),
                because: |failure| {
                    let sentence = match failure.outcome()? {
                        (true, _) => "`poll` is ready although nothing has called `cancel` yet.",
                        (false, _) => "`cancel` was called, and `poll` still isn't ready.",
                    };
                    Some(sentence.into())
                },
            },
        )?;
        let exploration = explored(
            waiting,
            Check {
                said: |()| "the task stops".to_owned(),
                expected: "",
                holds: |()| true,
                because,
            },
        )?;
        Ok(praise(&exploration))
    })
}

fn because(failure: &Failure<()>) -> Option<String> {
    if failure.end != End::Blocked {
        return None;
    }
    let waits_for_lock = failure.calls.iter().any(|call| call.blocked && locks(call));
    let first = failure.calls_of("watcher").next().map(|(place, _)| place);
    let mut polls = failure.calls_of("task").filter(|(_, call)| !call.blocked);
    let sentence = match waits_for_lock {
        true => return None,
        _ if failure.is_done_before("watcher", "task") => {
            "The signal is cancelled before the task begins, and the task still waits forever."
        }
        _ if polls.all(|(place, _)| first.is_some_and(|first| place < first)) => {
            "The task is waiting already when the signal is cancelled, and nothing calls its waker."
        }
        _ => {
            "The task waits forever. Follow it from its look at the flag to its registration: what does the watcher do \
             in between, and does the task ever hear of it?"
        }
    };
    Some(sentence.into())
}
