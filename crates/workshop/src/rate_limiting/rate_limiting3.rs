//! `rate_limiting3`: checks at a rate, after a burst, in virtual time.

use std::time::Duration;

use diagram::End;
use timeline::{Recording, Timeline};

use crate::deliver::deliver;
use crate::verdict::{Means, Picture, Verdict};
use crate::virtual_time::{Boxed, recorded};

/// The database that is asked.
#[derive(Clone, Debug)]
pub struct Database {
    timeline: Timeline,
    ms: u64,
}

impl Database {
    /// Checks a permission. Permissions are numbered from 1.
    pub async fn check(&self, number: usize) {
        let query = tokio::time::sleep(Duration::from_millis(self.ms));
        self.timeline.span(format!("Check {number}"), query).await;
    }
}

/// Grades `run`, which gets the number of checks, the burst, the interval between two tokens, and the database.
pub fn rate_limiting3<F: Future<Output = ()> + 'static>(
    run: fn(usize, usize, Duration, Database) -> F,
) -> Verdict {
    graded(Box::new(move |case, database| {
        Box::pin(run(
            case.checks,
            case.burst,
            Duration::from_millis(case.interval_ms),
            database,
        ))
    }))
}

/// What one run is given.
#[derive(Clone, Copy)]
struct Case {
    checks: usize,
    burst: usize,
    interval_ms: u64,
    /// How long a check takes.
    ms: u64,
}

impl Case {
    /// Returns when the token of the check is there that starts as the `number`th, in milliseconds.
    fn token_ms(self, number: usize) -> f64 {
        (number.saturating_sub(self.burst) as u64 * self.interval_ms) as f64
    }
}

type Run = dyn Fn(Case, Database) -> Boxed<'static, ()> + Send;

fn graded(run: Box<Run>) -> Verdict {
    let graded = move |case: Case| {
        let Case { ms, .. } = case;
        let (_, wanted) = recorded(|timeline| Box::pin(paced(case, Database { timeline, ms })))?;
        let (_, yours) = recorded(|timeline| run(case, Database { timeline, ms }))?;
        let sentence = wrong_check(&yours, case).or_else(|| wrong_start(&yours, case));
        let total_ms = yours.total_ms;
        let picture = Picture::Timeline {
            yours,
            wanted: Some(wanted),
        };
        sentence.map_or(Ok(total_ms), |sentence| {
            Err(Verdict::wrong(picture, sentence))
        })
    };
    deliver(Means::VirtualTime, move || {
        let eight = graded(Case {
            checks: 8,
            burst: 3,
            interval_ms: 10,
            ms: 15,
        })?;
        // Catches answers that are made for those eight, and those that wait for a check.
        let six = graded(Case { checks: 6, burst: 1, interval_ms: 20, ms: 70 }).map_err(|verdict| {
            verdict.prefixed(
                "This works for those eight checks, but not for these six of 70 ms, one every 20 ms.",
            )
        })?;
        Ok(format!(
            "✓ Eight checks of 15 ms, three at once and one every 10 ms: {eight} ms. Six of 70 ms, one every 20 ms: \
             {six} ms."
        ))
    })
}

/// Runs the checks as they should run.
async fn paced(case: Case, database: Database) {
    let checks = (1..=case.checks).map(|number| {
        let database = database.clone();
        async move {
            tokio::time::sleep(Duration::from_millis(case.token_ms(number) as u64)).await;
            database.check(number).await;
        }
    });
    let mut tasks = tokio::task::JoinSet::new();
    checks.for_each(|check| {
        tasks.spawn(check);
    });
    tasks.join_all().await;
}

/// Returns what is wrong with a check. Each has to be made once and to its end.
fn wrong_check(yours: &Recording, case: Case) -> Option<String> {
    if yours.spans.iter().any(|span| span.name == "Check 0") {
        return Some("There is a check 0 here, but permissions are numbered from 1.".to_owned());
    }
    (1..=case.checks).find_map(|number| {
        let name = format!("Check {number}");
        let spans = Vec::from_iter(yours.spans.iter().filter(|span| span.name == name));
        match spans[..] {
            [] => Some(format!("Permission {number} is never checked.")),
            [span] if span.end != End::Finished => Some(format!(
                "Check {number} starts but doesn't finish: `run` returns without waiting for it."
            )),
            [_] => None,
            _ => Some(format!(
                "Permission {number} is checked {} times.",
                spans.len()
            )),
        }
    })
}

/// Returns which check starts before its token is there, or long after.
fn wrong_start(yours: &Recording, case: Case) -> Option<String> {
    let mut starts = Vec::from_iter(yours.spans.iter().map(|span| span.start_ms));
    starts.sort_by(f64::total_cmp);
    (1..).zip(starts).find_map(|(number, start)| {
        let token = case.token_ms(number);
        if start < token {
            Some(format!(
                "Check {number} starts at {start} ms, and its token comes at {token} ms."
            ))
        } else if start == token {
            None
        } else if number <= case.burst {
            Some(format!(
                "The bucket has {} tokens at the start, but check {number} starts only at {start} ms.",
                case.burst
            ))
        } else {
            Some(format!(
                "Token {number} is there at {token} ms, but no check uses it until {start} ms. What does the check wait \
                 for?"
            ))
        }
    })
}
