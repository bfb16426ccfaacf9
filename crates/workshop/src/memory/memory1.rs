//! `memory1`: the last owner sees what the others have written.

use interleave::sync::Arc;
use interleave::sync::atomic::{AtomicU8, Ordering::Relaxed};

use crate::call::is_strong;
use crate::deliver::deliver;
use crate::race::{Check, Failure, both, explored, praise};
use crate::verdict::{Means, Verdict};
use crate::why::torn;

/// What each owner read: `None` if it was not the last, or the two lines.
type Read = [Option<[u8; 2]>; 2];

/// Grades a number of owners: `leave` returns whether the caller is the last one.
pub fn memory1<O: Send + Sync + 'static>(new: fn(usize) -> O, leave: fn(&O) -> bool) -> Verdict {
    let in_turn = move || {
        let owners = Arc::new(new(3));
        let first = leave(&owners);
        // Two threads leave, so that there is something to explore.
        let (one, two) = both(&owners, ("owner 2", leave), ("owner 3", leave));
        (first, u8::from(one) + u8::from(two))
    };
    let at_once = move || -> Read {
        let shared = Arc::new((new(2), [AtomicU8::new(0), AtomicU8::new(0)]));
        let own = move |line: usize, (owners, lines): &(O, [AtomicU8; 2])| {
            lines[line].store(7, Relaxed);
            leave(owners).then(|| [lines[0].load(Relaxed), lines[1].load(Relaxed)])
        };
        let one = move |shared: &(O, [AtomicU8; 2])| own(0, shared);
        let two = move |shared: &(O, [AtomicU8; 2])| own(1, shared);
        both(&shared, ("owner 1", one), ("owner 2", two)).into()
    };
    deliver(Means::Explored, move || {
        explored(
            in_turn,
            Check {
                said: |(first, rest)| {
                    format!("the first of three was told {first}, and {rest} of the others true")
                },
                expected: "should be false, and 1",
                holds: |outcome| *outcome == (false, 1),
                because: |failure| {
                    let sentence = match failure.outcome()? {
                        (true, _) => "The first of three owners is told that it is the last one.",
                        (_, 0) => {
                            "All owners have left, and none was told that it is the last one."
                        }
                        _ if failure
                            .calls
                            .last()
                            .is_some_and(|call| call.method == "load") =>
                        {
                            "Two owners are told that they are the last one. Use what `fetch_sub` returned; a later load \
                             sees the others' decrements, too."
                        }
                        _ => torn(failure)
                            .unwrap_or("Two owners are told that they are the last one."),
                    };
                    Some(sentence.to_owned())
                },
            },
        )?;
        let exploration = explored(
            at_once,
            Check {
                said: |[one, two]| match one.or(*two) {
                    Some([first, second]) => format!("the last owner read {first} and {second}"),
                    None => "no owner was the last one".to_owned(),
                },
                expected: "should be 7 and 7",
                holds: |read| matches!(read, [None, Some([7, 7])] | [Some([7, 7]), None]),
                because,
            },
        )?;
        Ok(praise(&exploration))
    })
}

fn because(failure: &Failure<Read>) -> Option<String> {
    failure.outcome()?;
    let strong = failure.calls.iter().any(is_strong);
    let sentence = match strong {
        false => {
            "The last owner misses a line. It knows that the other one has left, but nothing orders its reads after the \
             other's write."
        }
        true => {
            "The last owner misses a line. Two orderings are needed: one side has to publish its write, and the other \
             one has to receive it."
        }
    };
    Some(sentence.to_owned())
}
