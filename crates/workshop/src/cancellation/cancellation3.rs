//! `cancellation3`: a token and its children.

use interleave::sync::Arc;

use super::sets_late;
use crate::deliver::deliver;
use crate::race::{Check, Failure, Model, both, explored, joined, praise, spawned};
use crate::verdict::{Means, Verdict};

const SPINS: &str = "A loop ran for 1,000 operations and would go on forever. `child` can't wait for `cancel`, which may \
                     never be called. To keep another thread out, use a `Mutex`.";

/// Grades a parent: `child` returns a new child, which is cancelled once its parent is.
pub fn cancellation3<P, C>(
    new: fn() -> P,
    child: fn(&P) -> C,
    cancel: fn(&P),
    is_cancelled: fn(&C) -> bool,
) -> Verdict
where
    P: Send + Sync + 'static,
    C: Send + Sync + 'static,
{
    // The handler looks at its child, so that it meets the watcher even if children share the parent's flag.
    let handler = move |parent: &P| {
        let child = child(parent);
        (is_cancelled(&child), child)
    };
    let made_meanwhile = move || {
        let parent = Arc::new(new());
        let first = child(&parent);
        let ((_, second), ()) = both(&parent, ("handler", handler), ("watcher", cancel));
        [&first, &second, &child(&parent)].map(is_cancelled)
    };
    // Catches children that are always cancelled.
    let left_alone = move || {
        let parent = Arc::new(new());
        let handlers = ["handler 1", "handler 2"].map(|name| spawned(name, &parent, handler));
        handlers.map(joined).map(|(cancelled, _)| cancelled)
    };
    graded(Box::new(left_alone), Box::new(made_meanwhile))
}

fn graded(left_alone: Model<[bool; 2]>, made_meanwhile: Model<[bool; 3]>) -> Verdict {
    deliver(Means::Explored, move || {
        explored(
            left_alone,
            Check {
                said: |children| format!("cancelled: {} and {}", children[0], children[1]),
                expected: "should be false for both",
                holds: |children| *children == [false, false],
                because: |failure| {
                    let sentence = "A child is cancelled, although nothing cancels its parent.";
                    failure.outcome().map(|_| sentence.into())
                },
            },
        )
        .map_err(|verdict| verdict.spinning(SPINS))?;
        let exploration = explored(
            made_meanwhile,
            Check {
                said: |[before, during, after]| {
                    format!("before: {before}, during: {during}, after: {after}")
                },
                expected: "all should be true",
                holds: |children| *children == [true; 3],
                because,
            },
        )
        .map_err(|verdict| verdict.spinning(SPINS))?;
        Ok(praise(&exploration))
    })
}

fn because(failure: &Failure<[bool; 3]>) -> Option<String> {
    let sentence = match failure.outcome()? {
        [false, ..] => "A child that was made before the cancellation isn't cancelled.",
        [_, _, false] => "A child that was made after the cancellation isn't cancelled.",
        _ if sets_late(failure, "handler") => {
            "The watcher goes through the list before it sets the flag. A child made in between sees neither."
        }
        _ => {
            "A child that is made during the cancellation isn't cancelled. What does the watcher do between the \
             handler's look at the flag and its change of the list?"
        }
    };
    Some(sentence.into())
}
