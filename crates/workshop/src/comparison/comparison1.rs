//! `comparison1`: the lowest number of free rooms.

use interleave::sync::Arc;

use crate::call::locks;
use crate::deliver::deliver;
use crate::race::{Check, Failure, Model, both, does, explored, praise};
use crate::verdict::{Means, Verdict};

/// What the clerks were told, in ascending order, and the lowest number in the end.
type Outcome = ([u32; 2], u32);

/// Grades the rooms. `take` returns how many are left.
pub fn comparison1<R: Send + Sync + 'static>(
    new: fn(u32) -> R,
    take: fn(&R) -> u32,
    give_back: fn(&R),
    lowest: fn(&R) -> u32,
) -> Verdict {
    let rooms = move |back: bool| {
        let rooms = Arc::new(new(2));
        let second = move |rooms: &R| {
            let left = take(rooms);
            if back {
                give_back(rooms);
            }
            left
        };
        let (one, two) = both(&rooms, ("clerk 1", take), ("clerk 2", second));
        ([one.min(two), one.max(two)], lowest(&rooms))
    };
    graded(
        Box::new(move || rooms(false)),
        Box::new(move || rooms(true)),
    )
}

fn graded(two_taken: Model<Outcome>, one_returned: Model<Outcome>) -> Verdict {
    let said: fn(&Outcome) -> String =
        |([one, two], lowest)| format!("the clerks saw {one} and {two}, the lowest is {lowest}");
    deliver(Means::Explored, move || {
        let exploration = explored(
            two_taken,
            Check {
                said,
                expected: "should be 0 and 1, and 0",
                holds: |outcome| *outcome == ([0, 1], 0),
                because,
            },
        )?;
        explored(
            one_returned,
            Check {
                said,
                expected: "should be the lower of the two",
                holds: |(seen, lowest)| [[0, 1], [1, 1]].contains(seen) && *lowest == seen[0],
                because,
            },
        )?;
        let mut praise = praise(&exploration);
        if does(&exploration, locks) {
            praise += " A lock works. Can you do it without one?";
        }
        Ok(praise)
    })
}

fn because(failure: &Failure<Outcome>) -> Option<String> {
    let ([one, two], lowest) = failure.outcome()?;
    if failure.always {
        return None;
    }
    let sentence = if one == two && *one == 0 {
        "Both clerks see 0. A clerk has to report the number that its own change has made: by the time of a second \
         operation, another clerk may have changed it."
    } else if one == two && failure.calls.iter().any(|call| call.method == "store") {
        "Both clerks see the same number: one of them changes it between the other's load and its store."
    } else if lowest > one {
        "A clerk compares with a number that the other clerk lowers in the meantime. Then the store puts back a higher \
         one."
    } else {
        return None;
    };
    Some(sentence.to_owned())
}
