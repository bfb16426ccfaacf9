//! `rate_limiting1`: permits that run out.

use interleave::sync::Arc;

use crate::deliver::deliver;
use crate::race::{Check, Failure, Model, both, explored, praise};
use crate::verdict::{Means, Verdict};

/// Grades permits: `try_acquire` takes one if there is one, and `release` gives one back.
pub fn rate_limiting1<P: Send + Sync + 'static>(
    new: fn(usize) -> P,
    try_acquire: fn(&P) -> bool,
    release: fn(&P),
) -> Verdict {
    let requests = move |free: usize, used: usize| -> Model<usize> {
        Box::new(move || {
            let permits = Arc::new(new(free + used));
            for _ in 0..used {
                try_acquire(&permits);
            }
            let (one, two) = both(
                &permits,
                ("request 1", try_acquire),
                ("request 2", try_acquire),
            );
            usize::from(one) + usize::from(two)
        })
    };
    let released = Box::new(move || {
        let permits = Arc::new(new(1));
        try_acquire(&permits);
        let (one, ()) = both(&permits, ("request", try_acquire), ("holder", release));
        usize::from(one) + usize::from(try_acquire(&permits)) + usize::from(try_acquire(&permits))
    });
    graded(requests(1, 0), requests(2, 0), requests(0, 1), released)
}

fn graded(
    one: Model<usize>,
    two: Model<usize>,
    none: Model<usize>,
    released: Model<usize>,
) -> Verdict {
    deliver(Means::Explored, move || {
        let exploration = explored(
            one,
            Check {
                said,
                expected: "should be 1",
                holds: |count| *count == 1,
                because: |failure| because(failure, "Two requests have the same permit."),
            },
        )?;
        explored(
            two,
            Check {
                said,
                expected: "should be 2",
                holds: |count| *count == 2,
                because: |failure| {
                    let sentence = "Two permits are free, and a request that comes at the same time as another is \
                                    sent away.";
                    failure.outcome().map(|_| sentence.into())
                },
            },
        )?;
        explored(
            none,
            Check {
                said,
                expected: "should be 0",
                holds: |count| *count == 0,
                because: |failure| because(failure, "No permit is free, and a request gets one."),
            },
        )?;
        explored(
            released,
            Check {
                said,
                expected: "should be 1",
                holds: |count| *count == 1,
                because: |failure| {
                    let sentence = match failure.outcome()? {
                        0 => {
                            "A permit is given back while a request asks for one, and then it is gone."
                        }
                        _ => "One permit is given back, and more than one can be taken.",
                    };
                    Some(sentence.into())
                },
            },
        )?;
        Ok(praise(&exploration))
    })
}

fn said(count: &usize) -> String {
    format!("permits taken: {count}")
}

fn because(failure: &Failure<usize>, too_many: &str) -> Option<String> {
    match failure.outcome()? {
        0 => Some("A permit is free, and neither request gets it.".into()),
        _ if failure.always => Some(format!("{too_many} That happens in every order.")),
        _ => Some(format!("{too_many} What has each of them seen, and when?")),
    }
}
