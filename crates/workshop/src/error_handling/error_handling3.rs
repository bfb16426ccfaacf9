//! `error_handling3`: a group that ends with its first error, in virtual time.

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
        let name = format!("Call {}", self.number);
        self.timeline.span(name, work).await;
        match self.end {
            Succeeds => Ok(self.number),
            Fails => Err(self.number),
            Panics => panic!("call {} panics", self.number),
        }
    }
}

/// The calls of a case, numbered from 1: how long each takes, and how it ends.
type Calls = &'static [(u64, Does)];

/// Grades `group`, which returns the sum of the results or the first error.
pub fn error_handling3<F: Future<Output = Result<u32, u32>>>(
    group: impl Fn(Vec<Call>) -> F + Send + 'static,
) -> Verdict {
    let graded = move |calls: Calls| {
        let run = |timeline: Timeline| {
            let made = (1..).zip(calls).map(|(number, &(takes, end))| Call {
                number,
                takes,
                end,
                timeline: timeline.clone(),
            });
            let begun = Instant::now();
            let group = group(made.collect());
            async move {
                let result = group.await;
                let returned = begun.elapsed().as_millis() as u64;
                sleep(Duration::from_millis(AFTERWARDS)).await;
                (result, returned)
            }
        };
        let ((result, returned), yours) = recorded(run)?;
        let complaint = wrong(&yours, calls, result, returned);
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
                verdict.prefixed(&format!("This works for those calls, but not {when}."))
            })?;
        }
        Ok("✓ It returns with the first error, and stops the others.".to_owned())
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
) -> Option<String> {
    for number in 1..=calls.len() {
        let name = format!("Call {number}");
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
            Err(error) => format!("`group` returns {result:?}. The first error is {error}."),
        });
    }
    let later = yours
        .spans
        .iter()
        .find(|span| span.end_ms > returned as f64);
    later.map(|span| {
        let until = match span.end {
            End::Finished => "to its end",
            _ => "for a while",
        };
        format!("{} goes on {until} after `group` has returned.", span.name)
    })
}
