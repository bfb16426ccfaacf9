//! `sync_map1`: a lock for each person.

use interleave::sync::{Arc, Mutex};

use crate::deliver::deliver;
use crate::race::{Check, Failure, both, explored, praise};
use crate::verdict::{Means, Verdict};

/// Whether two requests of one person got one lock, a later one got it, too, and another person got another.
type Same = [bool; 3];

/// Grades a table of locks: `of` returns a person's lock.
pub fn sync_map1<L: Send + Sync + 'static>(
    new: fn() -> L,
    of: fn(&L, u32) -> Arc<Mutex<()>>,
) -> Verdict {
    let requested = move || -> Same {
        let locks = Arc::new(new());
        let request = move |locks: &L| of(locks, 1);
        let (first, second) = both(&locks, ("request 1", request), ("request 2", request));
        let (later, other) = (of(&locks, 1), of(&locks, 2));
        [
            Arc::ptr_eq(&first, &second),
            Arc::ptr_eq(&second, &later) || Arc::ptr_eq(&first, &later),
            !Arc::ptr_eq(&later, &other),
        ]
    };
    deliver(Means::Explored, move || {
        let exploration = explored(
            requested,
            Check {
                said,
                expected: "should be one for each person",
                holds: |same| *same == [true; 3],
                because,
            },
        )?;
        Ok(praise(&exploration))
    })
}

fn said(same: &Same) -> String {
    let said = match same {
        [_, _, false] => "one lock for two people",
        [false, ..] => "two locks for one person",
        [_, false, _] => "a new lock for a later request",
        [true, true, true] => "one lock for each person",
    };
    said.to_owned()
}

fn because(failure: &Failure<Same>) -> Option<String> {
    let sentence = match failure.outcome()? {
        [_, _, false] => "Another person gets the same lock, and has to wait for a stranger.",
        [_, false, _] => "A later request of the same person gets another lock.",
        _ if failure.always => {
            "The two requests never have one lock, not even if one comes after the other."
        }
        _ => {
            "Two requests of one person have two locks, so both go in. What does each of them find in the map, and \
             when?"
        }
    };
    Some(sentence.to_owned())
}
