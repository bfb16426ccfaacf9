//! `hibernation2`: a client that comes back when a busy server says so, and that has a deadline, in virtual time.

use std::cell::Cell;
use std::time::Duration;

use timeline::{Recording, Timeline};
use tokio::time::{Instant, sleep};

use crate::deliver::deliver;
use crate::verdict::{Means, Verdict};
use crate::virtual_time::recorded;

/// How long the grader watches after `ask` has returned, in milliseconds.
const AFTERWARDS: u64 = 3_000;

/// A server is busy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Busy {
    /// How long the client should wait before it tries again.
    pub retry_after: Duration,
}

/// A call that can be made more than once.
#[derive(Debug)]
pub struct Call {
    replies: &'static [Reply],
    made: Cell<usize>,
    timeline: Timeline,
}

/// How long a try takes in milliseconds, and what it returns: an answer, or after how many milliseconds to come back.
type Reply = (u64, Result<u32, u64>);

impl Call {
    /// Makes the call once.
    pub async fn make(&self) -> Result<u32, Busy> {
        let made = self.made.get();
        self.made.set(made + 1);
        let (takes, reply) = self.replies[made.min(self.replies.len() - 1)];
        let words = match reply {
            Ok(_) => format!("Try {}", made + 1),
            Err(ms) => format!("Try {} (busy: {ms} ms)", made + 1),
        };
        let work = sleep(Duration::from_millis(takes));
        self.timeline.span(&words, work).await;
        reply.map_err(|ms| Busy {
            retry_after: Duration::from_millis(ms),
        })
    }
}

/// A server's replies, the limit, and what `ask` should do: what it returns, after how many milliseconds, and when its tries
/// start.
struct Case {
    when: &'static str,
    replies: &'static [Reply],
    limit: u64,
    returns: Option<u32>,
    after: u64,
    starts: &'static [u64],
}

const CASES: [Case; 9] = [
    Case {
        when: "",
        replies: &[(100, Err(300)), (100, Ok(42))],
        limit: 1_000,
        returns: Some(42),
        after: 500,
        starts: &[0, 400],
    },
    Case {
        when: "if the first try succeeds",
        replies: &[(100, Ok(7))],
        limit: 1_000,
        returns: Some(7),
        after: 100,
        starts: &[0],
    },
    Case {
        when: "if the server is busy three times",
        replies: &[(50, Err(200)), (50, Err(500)), (50, Err(100)), (50, Ok(9))],
        limit: 2_000,
        returns: Some(9),
        after: 1_000,
        starts: &[0, 250, 800, 950],
    },
    Case {
        when: "if the server asks for a longer wait than there is time",
        replies: &[(100, Err(2_000)), (100, Ok(42))],
        limit: 1_000,
        returns: None,
        after: 100,
        starts: &[0],
    },
    Case {
        when: "if the second try hangs",
        replies: &[(100, Err(100)), (2_500, Ok(42))],
        limit: 800,
        returns: None,
        after: 800,
        starts: &[0, 200],
    },
    Case {
        when: "if the first try hangs",
        replies: &[(2_500, Ok(42))],
        limit: 800,
        returns: None,
        after: 800,
        starts: &[0],
    },
    Case {
        when: "if a try is slow",
        replies: &[(100, Err(100)), (750, Ok(8))],
        limit: 1_000,
        returns: Some(8),
        after: 950,
        starts: &[0, 200],
    },
    Case {
        when: "if the server stays busy",
        replies: &[(100, Err(300))],
        limit: 1_000,
        returns: None,
        after: 900,
        starts: &[0, 400, 800],
    },
    Case {
        when: "if the server is busy for long",
        replies: &[(50, Err(50))],
        limit: 1_960,
        returns: None,
        after: 1_950,
        starts: &EVERY_100_MS,
    },
];

const EVERY_100_MS: [u64; 20] = {
    let (mut starts, mut number) = ([0; 20], 0);
    while number < starts.len() {
        starts[number] = 100 * number as u64;
        number += 1;
    }
    starts
};

/// Grades `ask`, which returns the answer, or `None` if there is none within the limit.
pub fn hibernation2<F: Future<Output = Option<u32>>>(
    ask: impl Fn(Call, Duration) -> F + Send + 'static,
) -> Verdict {
    let graded = move |case: &'static Case| {
        let run = |timeline: Timeline| {
            let call = Call {
                replies: case.replies,
                made: Cell::new(0),
                timeline,
            };
            let begun = Instant::now();
            let asked = ask(call, Duration::from_millis(case.limit));
            async move {
                let returned = asked.await;
                let after = begun.elapsed().as_millis() as u64;
                sleep(Duration::from_millis(AFTERWARDS)).await;
                (returned, after)
            }
        };
        let ((returned, after), yours) = recorded(run)?;
        let complaint = wrong(case, &yours, returned, after);
        Verdict::unless(complaint, yours)
    };
    deliver(Means::VirtualTime, move || {
        graded(&CASES[0])?;
        // Catches answers that are made for one busy reply.
        for case in &CASES[1..] {
            graded(case).map_err(|verdict| {
                verdict.prefixed(&format!(
                    "This works if the server is busy once, but not {}, as above.",
                    case.when
                ))
            })?;
        }
        Ok("✓ It comes back when the server says, and keeps its deadline.".to_owned())
    })
}

/// What is wrong with a run.
fn wrong(case: &Case, yours: &Recording, returned: Option<u32>, after: u64) -> Option<String> {
    let starts: Vec<u64> = yours
        .spans
        .iter()
        .map(|span| span.start_ms as u64)
        .collect();
    for (number, (start, wanted)) in (1..).zip(starts.iter().zip(case.starts)) {
        if start != wanted {
            let early = if start < wanted {
                "too early"
            } else {
                "too late"
            };
            return Some(format!(
                "Try {number} starts at {start} ms, which is {early}: the server asked for {wanted} ms."
            ));
        }
    }
    match (starts.len(), case.starts.len()) {
        (0, _) => return Some("Nothing makes the call.".to_owned()),
        (made, wanted) if made > wanted => {
            let start = starts[wanted];
            return Some(match case.returns {
                Some(_) => format!("There is an answer, and another try starts at {start} ms."),
                None => format!(
                    "The limit is {} ms, and another try starts at {start} ms.",
                    case.limit
                ),
            });
        }
        (made, wanted) if made < wanted => {
            return Some(format!(
                "It makes {made} of the {wanted} tries that there is time for."
            ));
        }
        _ => {}
    }
    if after < case.after {
        return Some(format!(
            "`ask` returns after {after} ms, while a try is running. There is time until {} ms.",
            case.limit
        ));
    }
    if after > case.after {
        return Some(match case.returns {
            Some(_) => format!(
                "`ask` returns after {after} ms, but has its answer after {} ms.",
                case.after
            ),
            None if after > case.limit => {
                format!(
                    "`ask` returns after {after} ms, but its limit is {} ms.",
                    case.limit
                )
            }
            None => format!(
                "`ask` returns after {after} ms, but knows after {} ms that the next try would come too late.",
                case.after
            ),
        });
    }
    (returned != case.returns).then(|| {
        format!(
            "`ask` returns {returned:?}. It should return {:?}.",
            case.returns
        )
    })
}
