//! `fan_out3`: the first answers of several replicas, in virtual time.

use std::time::Duration;

use diagram::End;
use timeline::{Recording, Timeline};
use tokio::time::{Instant, sleep};

use super::replica::Does::{self, Answers, Fails, Panics};
use super::replica::{Replica, name};
use crate::deliver::deliver;
use crate::verdict::{Means, Verdict};
use crate::virtual_time::recorded;

/// How long the grader watches after `read` has returned, in milliseconds. No replica takes longer.
const AFTERWARDS: u64 = 1_000;

/// The replicas of a case, numbered from 1: how long each takes, and what it does then.
type Replicas = &'static [(u64, Does)];

/// Grades `read`, which returns the first answers, or `None` if too many replicas fail.
pub fn fan_out3<F: Future<Output = Option<Vec<u32>>>>(
    read: impl Fn(Vec<Replica>, usize) -> F + Send + 'static,
) -> Verdict {
    let graded = move |replicas: Replicas, needed: usize| {
        let run = |timeline: Timeline| {
            let asked = (1..).zip(replicas).map(|(number, &(takes, end))| Replica {
                number,
                takes,
                end,
                timeline: timeline.clone(),
            });
            let begun = Instant::now();
            let reads = read(asked.collect(), needed);
            async move {
                let answers = reads.await;
                let returned = begun.elapsed().as_millis() as u64;
                sleep(Duration::from_millis(AFTERWARDS)).await;
                (answers, returned)
            }
        };
        let ((answers, returned), yours) = recorded(run)?;
        let wanted = wanted(replicas, needed);
        let complaint = wrong(&yours, replicas, needed, &wanted, (&answers, returned));
        Verdict::unless(complaint, yours)
    };
    deliver(Means::VirtualTime, move || {
        graded(&[(200, Answers), (300, Answers), (100, Answers)], 2)?;
        graded(&[(90, Answers), (70, Answers), (60, Answers)], 3)?;
        // Catches answers that are made for those replicas.
        let others: [(Replicas, usize, &str); 6] = [
            (
                &[(50, Fails), (300, Answers), (200, Answers), (400, Answers)],
                2,
                "one replica fails",
            ),
            (
                &[(80, Panics), (250, Answers), (150, Answers)],
                2,
                "one replica panics",
            ),
            (
                &[(400, Answers), (50, Fails), (120, Fails)],
                2,
                "two of three replicas fail",
            ),
            (
                &[(90, Fails), (70, Answers), (60, Answers)],
                3,
                "all answers are needed and one replica fails",
            ),
            (
                &[(300, Answers), (60, Panics), (90, Answers)],
                3,
                "all answers are needed and one replica panics first",
            ),
            (
                &[(50, Fails), (80, Fails), (200, Answers), (100, Answers)],
                2,
                "two of four replicas fail and two answers are needed",
            ),
        ];
        for (replicas, needed, when) in others {
            graded(replicas, needed).map_err(|verdict| {
                verdict.prefixed(&format!(
                    "This works when nothing fails, but not when {when}."
                ))
            })?;
        }
        let sentence = "✓ It returns with the last answer that it needs, or with the failure that is one too many, \
            and stops the others.";
        Ok(sentence.to_owned())
    })
}

/// What `read` should return, and after how many milliseconds.
fn wanted(replicas: Replicas, needed: usize) -> (Option<Vec<u32>>, u64) {
    let mut ends = Vec::from_iter((1..).zip(replicas));
    ends.sort_by_key(|(_, (takes, _))| *takes);
    let (mut answers, mut failed) = (Vec::new(), 0);
    for (number, (takes, end)) in ends {
        match end {
            Answers => answers.push(number),
            Fails | Panics => failed += 1,
        }
        if answers.len() == needed {
            return (Some(answers), *takes);
        }
        if replicas.len() - failed < needed {
            return (None, *takes);
        }
    }
    unreachable!("a case in which {needed} answers neither come nor can't")
}

/// What is wrong with a run.
fn wrong(
    yours: &Recording,
    replicas: Replicas,
    needed: usize,
    (answers, moment): &(Option<Vec<u32>>, u64),
    (returned_answers, returned): (&Option<Vec<u32>>, u64),
) -> Option<String> {
    let numbered = || (1..).zip(replicas);
    for (number, &(_, end)) in numbered() {
        let name = name(number, end);
        let Some(span) = yours.spans.iter().find(|span| span.name == name) else {
            return Some(format!("Nothing asks replica {number}."));
        };
        if span.start_ms > 0.0 {
            return Some(format!(
                "Replica {number} is asked after {} ms. All of them should be asked at once.",
                span.start_ms
            ));
        }
    }
    if returned > *moment {
        let by_then = match answers {
            Some(_) => format!("has the {needed} answers that it needs"),
            None => format!("can't get {needed} answers any more"),
        };
        return Some(format!(
            "`read` returns after {returned} ms, but {by_then} after {moment} ms."
        ));
    }
    match (answers, returned_answers) {
        (Some(_), None) => Some(format!(
            "`read` returns `None` after {returned} ms, although {needed} replicas answer."
        )),
        (None, Some(_)) => Some(format!(
            "`read` returns {returned_answers:?}, although fewer than {needed} replicas answer."
        )),
        (Some(wanted), Some(got)) if wanted != got => Some(format!(
            "`read` returns {got:?}. The first {needed} answers are {wanted:?}, in the order in which they arrive."
        )),
        _ => {
            let mut later = numbered().filter_map(|(number, &(_, end))| {
                let name = name(number, end);
                let mut spans = yours.spans.iter();
                let span = spans.find(|span| span.name == name && span.end_ms > returned as f64)?;
                Some((number, span))
            });
            later.next().map(|(number, span)| {
                let until = match span.end {
                    End::Finished => "to its end",
                    _ => "for a while",
                };
                format!(
                    "Replica {number} goes on {until} after `read` has returned, and nobody needs its answer."
                )
            })
        }
    }
}
