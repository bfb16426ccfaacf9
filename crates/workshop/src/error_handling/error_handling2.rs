//! `error_handling2`: the error of a pool, at which its workers look.

use interleave::sync::Arc;

use crate::deliver::deliver;
use crate::race::{Check, Failure, both, explored, praise};
use crate::verdict::{Means, Verdict};

/// What the two workers saw after they had set their errors, and what the pool saw at the end.
type Seen = [Option<u32>; 3];

/// Grades the error of a pool: `look` returns the error that was set first.
pub fn error_handling2<P: Send + Sync + 'static>(
    new: fn() -> P,
    look: fn(&P) -> Option<u32>,
    set: fn(&P, u32),
) -> Verdict {
    // Catches an error that is there from the start, and one that changes later.
    let looks = move || {
        let pool = Arc::new(new());
        let (before, other) = both(&pool, ("worker 1", look), ("worker 2", look));
        set(&pool, 7);
        set(&pool, 8);
        [before, other, look(&pool), look(&pool)]
    };
    let fails = move || -> Seen {
        let pool = Arc::new(new());
        let worker = |error| {
            move |pool: &P| {
                set(pool, error);
                look(pool)
            }
        };
        let (one, two) = both(&pool, ("worker 1", worker(1)), ("worker 2", worker(2)));
        [one, two, look(&pool)]
    };
    deliver(Means::Explored, move || {
        let exploration = explored(
            fails,
            Check {
                said: |[one, two, end]| format!("seen {one:?} and {two:?}, reported {end:?}"),
                expected: "should be the same error three times",
                holds: |[one, two, end]| one.is_some() && one == two && two == end,
                because,
            },
        )?;
        explored(
            looks,
            Check {
                said: |seen| format!("seen {seen:?}"),
                expected: "should be nothing twice, then 7 twice",
                holds: |seen| *seen == [None, None, Some(7), Some(7)],
                because: |failure| {
                    let sentence = match failure.outcome()? {
                        [Some(_), ..] | [_, Some(_), ..] => {
                            "A worker sees an error, although none was set."
                        }
                        [_, _, None, _] => "Errors 7 and 8 were set, and a look finds none.",
                        [_, _, Some(8), _] => "Error 8 was set after error 7, and replaces it.",
                        [_, _, _, None] => "A look sees the error, and the next look finds none.",
                        _ => "Two looks see different errors.",
                    };
                    Some(sentence.to_owned())
                },
            },
        )?;
        Ok(praise(&exploration))
    })
}

fn because(failure: &Failure<Seen>) -> Option<String> {
    let [one, two, end] = failure.outcome()?;
    let sentence = match (one, two, end) {
        (_, _, None) => "Both tasks have failed, and the pool reports success.",
        (None, ..) | (_, None, _) => "A worker has set its error, and then sees none.",
        _ => "The error changes after a worker has seen it: the other worker's error replaces it.",
    };
    Some(sentence.to_owned())
}
