//! `error_handling3`: a group that ends with its first error, in virtual time.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use diagram::End;
use timeline::{Recording, Timeline};
use tokio::time::{Instant, sleep};

use crate::deliver::deliver;
use crate::verdict::{Means, Verdict};
use crate::virtual_time::recorded;

/// How long the grader watches after `group` has returned, in milliseconds. No call takes longer.
const AFTERWARDS: u64 = 1_000;

/// A call to a server.
#[derive(Debug)]
pub struct Call {
    number: u32,
    takes: u64,
    end: Does,
    timeline: Timeline,
    /// The grader has one, too, and counts those that are left.
    _alive: Arc<()>,
}

/// How a call ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Does {
    Succeeds,
    Fails,
    Panics,
}

use Does::{Fails, Panics, Succeeds};

impl Call {
    /// Makes the call. Both its result and its error are its number.
    pub async fn make(self) -> Result<u32, u32> {
        let work = sleep(Duration::from_millis(self.takes));
        self.timeline.span(name(self.number, self.end), work).await;
        match self.end {
            Succeeds => Ok(self.number),
            Fails => Err(self.number),
            Panics => panic!("call {} panics", self.number),
        }
    }
}

/// Returns what the picture calls a call: with its end, if that isn't a success.
fn name(number: u32, end: Does) -> String {
    match end {
        Succeeds => format!("Call {number}"),
        Fails => format!("Call {number} (fails)"),
        Panics => format!("Call {number} (panics)"),
    }
}

/// The calls of a case, numbered from 1: how long each takes, and how it ends.
type Calls = &'static [(u64, Does)];

/// Grades `group`, which returns the sum of the results or the first error.
pub fn error_handling3<F: Future<Output = Result<u32, u32>>>(
    group: impl Fn(Vec<Call>) -> F + Send + 'static,
) -> Verdict {
    let graded = move |calls: Calls| {
        let alive = Arc::new(());
        let run = |timeline: Timeline| {
            let made = (1..).zip(calls).map(|(number, &(takes, end))| Call {
                number,
                takes,
                end,
                timeline: timeline.clone(),
                _alive: alive.clone(),
            });
            let begun = Instant::now();
            let group = group(made.collect());
            let alive = &alive;
            async move {
                let result = unless_it_panics(group, calls).await;
                let returned = begun.elapsed().as_millis() as u64;
                let left = Arc::strong_count(alive) - 1;
                sleep(Duration::from_millis(AFTERWARDS)).await;
                (result, returned, left)
            }
        };
        let ((result, returned, left), yours) = recorded(run)?;
        let complaint = match result {
            Ok(result) => wrong(&yours, calls, result, returned, left),
            Err(panicked) => Some(panicked),
        };
        Verdict::unless(complaint, yours)
    };
    deliver(Means::VirtualTime, move || {
        graded(&[(200, Succeeds), (120, Fails), (200, Succeeds)])?;
        // Catches answers that are made for those calls.
        let others: [(Calls, &str); 4] = [
            (
                &[(200, Succeeds), (100, Succeeds), (150, Succeeds)],
                "when no call fails",
            ),
            (
                &[(300, Fails), (200, Succeeds), (100, Fails)],
                "when two calls fail",
            ),
            (
                &[(90, Succeeds), (80, Panics), (200, Fails)],
                "when a call panics",
            ),
            (&[], "without calls"),
        ];
        for (calls, when) in others {
            graded(calls).map_err(|verdict| {
                verdict.prefixed(&format!(
                    "This works for the first three calls that were tried (the second fails at 120 ms), but not \
                     {when}, as above."
                ))
            })?;
        }
        Ok("✓ It returns with the first error, and stops the others.".to_owned())
    })
}

/// Awaits the group. Returns a complaint if a call's panic ends it. Any other panic goes on.
async fn unless_it_panics<T>(group: impl Future<Output = T>, calls: Calls) -> Result<T, String> {
    let mut group = pin!(group);
    let ended =
        poll_fn(
            |context| match catch_unwind(AssertUnwindSafe(|| group.as_mut().poll(context))) {
                Ok(Poll::Pending) => Poll::Pending,
                Ok(Poll::Ready(result)) => Poll::Ready(Ok(result)),
                Err(panic) => Poll::Ready(Err(panic)),
            },
        );
    ended.await.map_err(|panic| {
        let panics = calls.iter().position(|(_, end)| *end == Panics);
        let Some(index) = panics else {
            resume_unwind(panic);
        };
        let number = index + 1;
        format!("Call {number} panics, and the panic ends `group`. It should count as the error 0.")
    })
}

/// What `group` should return, and after how many milliseconds.
fn wanted(calls: Calls) -> (Result<u32, u32>, u64) {
    let mut ends = Vec::from_iter((1..).zip(calls));
    ends.sort_by_key(|(_, (takes, _))| *takes);
    let mut sum = 0;
    let mut last = 0;
    for (number, (takes, end)) in ends {
        last = *takes;
        match end {
            Succeeds => sum += number,
            Fails => return (Err(number), last),
            Panics => return (Err(0), last),
        }
    }
    (Ok(sum), last)
}

/// What is wrong with a run.
fn wrong(
    yours: &Recording,
    calls: Calls,
    result: Result<u32, u32>,
    returned: u64,
    left: usize,
) -> Option<String> {
    let numbered = || (1..).zip(calls);
    for (number, &(_, end)) in numbered() {
        let name = name(number, end);
        match yours.spans.iter().find(|span| span.name == name) {
            None => return Some(format!("Nothing makes call {number}.")),
            Some(span) if span.start_ms > 0.0 => {
                return Some(format!(
                    "Call {number} is made after {} ms. All of them should be made at once.",
                    span.start_ms
                ));
            }
            Some(_) => {}
        }
    }
    let (wanted, moment) = wanted(calls);
    if returned > moment {
        let by_then = match wanted {
            Ok(_) => "the last call has ended",
            Err(_) => "the first error comes",
        };
        return Some(format!(
            "`group` returns after {returned} ms, but {by_then} after {moment} ms."
        ));
    }
    if result != wanted {
        return Some(match wanted {
            Ok(sum) => format!("`group` returns {result:?}. The sum of the results is {sum}."),
            Err(error) => {
                let keep = match result {
                    Err(0) => {
                        " A task that is aborted gives a `JoinError`, too: keep the first error."
                    }
                    _ => "",
                };
                format!("`group` returns {result:?}. The first error is {error}.{keep}")
            }
        });
    }
    for (number, &(_, end)) in numbered() {
        let name = name(number, end);
        let mut spans = yours.spans.iter();
        let later = spans.find(|span| span.name == name && span.end_ms > returned as f64);
        if let Some(span) = later {
            let until = match span.end {
                End::Finished => "to its end",
                _ => "for a while",
            };
            return Some(format!(
                "Call {number} goes on {until} after `group` has returned."
            ));
        }
    }
    (left > 0).then(|| {
        "`group` returns before the other calls are gone: an abort only asks a task to end, and so does dropping a \
         `JoinSet`. Wait until every task has ended."
            .to_owned()
    })
}
