//! `pool4`: a queue that workers wait for, and that can be closed.

use interleave::End;
use interleave::sync::Arc;

use crate::call::locks;
use crate::deliver::deliver;
use crate::race::{Check, Failure, Model, both, explored, joined, praise, spawned};
use crate::verdict::{Means, Verdict};

type Popped = [Option<u32>; 2];
/// What a sender does, with a queue's `push` and `close`.
type Sends<Q> = fn(&Q, fn(&Q, u32), fn(&Q));

/// Grades a queue.
pub fn pool4<Q: Send + Sync + 'static>(
    new: fn() -> Q,
    push: fn(&Q, u32),
    pop: fn(&Q) -> Option<u32>,
    close: fn(&Q),
) -> Verdict {
    let served = move |send: Sends<Q>| {
        let sends = move |queue: &Q| send(queue, push, close);
        let pops = move |queue: &Q| [pop(queue), pop(queue)];
        both(&Arc::new(new()), ("sender", sends), ("worker", pops)).1
    };
    let closed = move || {
        served(|queue, push, close| {
            push(queue, 7);
            close(queue);
        })
    };
    let open = move || {
        served(|queue, push, _| {
            push(queue, 8);
            push(queue, 9);
        })
    };
    let two_workers = move || {
        let queue = Arc::new(new());
        let workers = ["worker 1", "worker 2"].map(|name| spawned(name, &queue, pop));
        close(&queue);
        workers.map(joined)
    };
    graded(Box::new(closed), Box::new(open), Box::new(two_workers))
}

fn graded(closed: Model<Popped>, open: Model<Popped>, two_workers: Model<Popped>) -> Verdict {
    let said: fn(&Popped) -> String =
        |[first, second]| format!("popped {first:?}, then {second:?}");
    deliver(Means::Explored, move || {
        explored(
            closed,
            Check {
                said,
                expected: "should be Some(7), then None",
                holds: |popped| *popped == [Some(7), None],
                because: one_item,
            },
        )?;
        explored(
            open,
            Check {
                said,
                expected: "should be Some(8), then Some(9)",
                holds: |popped| *popped == [Some(8), Some(9)],
                because: two_items,
            },
        )?;
        let exploration = explored(
            two_workers,
            Check {
                said: |popped| format!("popped {popped:?}"),
                expected: "should be None for both",
                holds: |popped| *popped == [None, None],
                because: |_| None,
            },
        )?;
        Ok(praise(&exploration))
    })
}

/// Explains a failure when an item is pushed and the queue is closed.
fn one_item(failure: &Failure<Popped>) -> Option<String> {
    let waits = failure.ends.contains(&End::Blocked);
    let returns = failure
        .ends
        .iter()
        .any(|end| matches!(end, End::Returned(_)));
    let mut sender = failure.calls_of("sender");
    let sentence = match failure.outcome() {
        _ if sender.any(|(_, call)| call.blocked && !locks(call)) => {
            "The sender waits, too, and nothing wakes it. Only `pop` has to wait."
        }
        _ if failure.always && waits && returns => {
            "Every order fails: `pop` waits when there is an item, and doesn't wait when there is none. `wait_while` \
             waits as long as its condition is true."
        }
        _ if failure.always && waits => {
            "Every order fails, even the one in which the sender finishes before the worker starts: the worker keeps \
             waiting after the item was pushed and the queue was closed."
        }
        Some([None, _]) if failure.is_done_before("sender", "worker") => {
            "The item was pushed before the queue was closed, but the worker never gets it. A closed queue still \
             hands out what is in it."
        }
        Some([None, _]) => {
            "`pop` returns `None` although the queue isn't closed yet and the item is still to come."
        }
        Some([Some(7), Some(7)]) => "The same item is popped twice.",
        _ => return None,
    };
    Some(sentence.into())
}

/// Explains a failure when two items are pushed and the queue stays open.
fn two_items(failure: &Failure<Popped>) -> Option<String> {
    if failure.end == End::Blocked && failure.is_done_before("sender", "worker") {
        return Some(
            "Both items were pushed before the worker starts, and it still waits: an item is lost, or the check misses it.".into(),
        );
    }
    let sentence = match failure.outcome()? {
        [Some(9), Some(8)] => {
            "8 was pushed first, but 9 is popped first. The queue should be first in, first out."
        }
        [None, _] | [_, None] => {
            "`pop` returns `None` although nothing closes the queue. Waking up doesn't mean that there is an item: \
             it may have been popped already."
        }
        _ => "Every item that is pushed has to be popped once.",
    };
    Some(sentence.into())
}
