//! `comparison1`: the lowest number of free rooms.

use interleave::sync::Arc;

use crate::call::locks;
use crate::comparison::lost::because;
use crate::deliver::deliver;
use crate::race::{Check, Model, both, does, explored, praise};
use crate::verdict::{Means, Verdict};

/// What the clerks were told, in ascending order, and the lowest number in the end.
pub(super) type Outcome = (Vec<u32>, u32);

/// Grades the rooms. `take` returns how many are left.
pub fn comparison1<R: Send + Sync + 'static>(
    new: fn(u32) -> R,
    take: fn(&R) -> u32,
    give_back: fn(&R),
    lowest: fn(&R) -> u32,
) -> Verdict {
    // As many rooms as the clerks take. Clerk 1 takes one.
    let rooms = move |takes: u32, back: bool| -> Model<Outcome> {
        Box::new(move || {
            let rooms = Arc::new(new(1 + takes));
            let second = move |rooms: &R| {
                let seen = Vec::from_iter((0..takes).map(|_| take(rooms)));
                if back {
                    give_back(rooms);
                }
                seen
            };
            let (one, mut seen) = both(&rooms, ("clerk 1", take), ("clerk 2", second));
            seen.push(one);
            seen.sort_unstable();
            (seen, lowest(&rooms))
        })
    };
    graded(rooms(1, false), rooms(1, true), rooms(2, false))
}

fn graded(two: Model<Outcome>, returned: Model<Outcome>, three: Model<Outcome>) -> Verdict {
    let said: fn(&Outcome) -> String = |(seen, lowest)| {
        let (last, others) = seen.split_last().expect("two clerks");
        let others = Vec::from_iter(others.iter().map(u32::to_string)).join(", ");
        format!("the clerks saw {others} and {last}, the lowest is {lowest}")
    };
    deliver(Means::Explored, move || {
        let exploration = explored(
            two,
            Check {
                said,
                expected: "should be 0 and 1, and 0",
                holds: |(seen, lowest)| *seen == [0, 1] && *lowest == 0,
                because,
            },
        )?;
        explored(
            returned,
            Check {
                said,
                expected: "should be the lower of the two",
                holds: |(seen, lowest)| {
                    [[0, 1], [1, 1]].iter().any(|it| seen == it) && *lowest == seen[0]
                },
                because,
            },
        )?;
        // Catches answers that try twice: a clerk who takes two rooms lowers the number twice.
        explored(
            three,
            Check {
                said,
                expected: "should be 0, 1 and 2, and 0",
                holds: |(seen, lowest)| *seen == [0, 1, 2] && *lowest == 0,
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
