//! `deploy2`: waves that grow while all goes well, and start again small after a failure, in virtual time.

use std::ops::Range;
use std::time::Duration;

use timeline::{Recording, Timeline};
use tokio::time::{Instant, sleep};

use crate::deliver::deliver;
use crate::verdict::{Means, Verdict};
use crate::virtual_time::recorded;

/// How long the grader watches after `deploy` has returned, in milliseconds.
const AFTERWARDS: u64 = 1_000;

/// A cluster that a change goes to.
#[derive(Debug)]
pub struct Cluster {
    number: usize,
    fate: Fate,
    timeline: Timeline,
}

/// How long a change takes in milliseconds, and whether the cluster accepts it.
type Fate = (u64, bool);

impl Cluster {
    /// Changes the cluster. Returns whether it accepts the change.
    pub async fn apply(self) -> bool {
        let (takes, accepts) = self.fate;
        let work = sleep(Duration::from_millis(takes));
        let name = name(self.number, accepts);
        self.timeline.span(name, work).await;
        accepts
    }
}

/// What the picture calls a cluster.
fn name(number: usize, accepts: bool) -> String {
    match accepts {
        true => format!("C{number}"),
        false => format!("C{number} rejects"),
    }
}

/// When the clusters behave so, and how each behaves, numbered from 1.
type Case = (&'static str, &'static [Fate]);

const YES: Fate = (100, true);
const NO: Fate = (100, false);

const CASES: [Case; 9] = [
    ("", &[YES; 7]),
    ("the second cluster rejects", &[YES, NO, YES, YES, YES, YES]),
    (
        "two clusters of a wave reject",
        &[YES, YES, YES, NO, YES, NO, YES, YES, YES, YES, YES],
    ),
    ("the first cluster rejects", &[NO, YES, YES, YES, YES]),
    ("every cluster rejects", &[NO; 4]),
    (
        "the clusters differ in speed",
        &[
            (50, true),
            (300, true),
            (100, true),
            (80, true),
            (200, false),
            (120, true),
            (40, true),
            (90, true),
            (60, true),
            (150, true),
            (30, true),
        ],
    ),
    ("the last wave isn't full", &[YES; 5]),
    (
        "two waves after each other reject",
        &[YES, YES, NO, NO, YES, YES, YES, YES, NO, YES, YES, YES],
    ),
    ("there are no clusters", &[]),
];

/// Grades `deploy`, which returns for each cluster, in order, whether it accepted the change.
pub fn deploy2<F: Future<Output = Vec<bool>>>(
    deploy: impl Fn(Vec<Cluster>) -> F + Send + 'static,
) -> Verdict {
    let graded = move |fates: &'static [Fate]| {
        let run = |timeline: Timeline| {
            let clusters = (1..).zip(fates).map(|(number, fate)| Cluster {
                number,
                fate: *fate,
                timeline: timeline.clone(),
            });
            let begun = Instant::now();
            let deployed = deploy(clusters.collect());
            async move {
                let returned = deployed.await;
                let after = begun.elapsed().as_millis() as u64;
                sleep(Duration::from_millis(AFTERWARDS)).await;
                (returned, after)
            }
        };
        let ((returned, after), yours) = recorded(run)?;
        let complaint = wrong(fates, &yours, &returned, after);
        Verdict::unless(complaint, yours)
    };
    deliver(Means::VirtualTime, move || {
        let [(_, first), others @ ..] = CASES;
        graded(first)?;
        // Catches answers that are made for clusters that all accept.
        for (when, fates) in others {
            graded(fates).map_err(|verdict| {
                verdict.prefixed(&format!(
                    "This works if seven clusters accept, but not if {when}, as above."
                ))
            })?;
        }
        Ok("✓ Each wave is as large as the one before has earned.".to_owned())
    })
}

/// Clusters that should start at the same moment.
struct Wave {
    number: usize,
    clusters: Range<usize>,
    start: u64,
    end: u64,
}

/// The waves that a case should have.
fn waves(fates: &[Fate]) -> Vec<Wave> {
    let mut waves = Vec::new();
    let (mut first, mut size, mut start) = (0, 1, 0);
    while first < fates.len() {
        let clusters = first..fates.len().min(first + size);
        let wave = &fates[clusters.clone()];
        let end = start
            + wave
                .iter()
                .map(|(takes, _)| takes)
                .max()
                .expect("a cluster");
        first = clusters.end;
        size = match wave.iter().all(|(_, accepts)| *accepts) {
            true => 2 * size,
            false => 1,
        };
        waves.push(Wave {
            number: waves.len() + 1,
            clusters,
            start,
            end,
        });
        start = end;
    }
    waves
}

/// What is wrong with a run.
fn wrong(fates: &[Fate], yours: &Recording, returned: &[bool], after: u64) -> Option<String> {
    let waves = waves(fates);
    for wave in &waves {
        for index in wave.clusters.clone() {
            let number = index + 1;
            let name = name(number, fates[index].1);
            let mut starts = yours.spans.iter().filter(|span| span.name == name);
            let Some(span) = starts.next() else {
                return Some(format!("Nothing changes cluster {number}."));
            };
            let start = span.start_ms as u64;
            if start != wave.start {
                return Some(format!(
                    "Cluster {number} starts at {start} ms. Wave {} should be {}, and start at {} ms.",
                    wave.number,
                    clusters(&wave.clusters),
                    wave.start
                ));
            }
        }
    }
    let end = waves.last().map_or(0, |wave| wave.end);
    if after != end {
        return Some(format!(
            "`deploy` returns after {after} ms, but the last cluster ends after {end} ms."
        ));
    }
    let wanted = Vec::from_iter(fates.iter().map(|(_, accepts)| *accepts));
    if returned.len() != wanted.len() {
        return Some(format!(
            "`deploy` returns {} results for {} clusters.",
            returned.len(),
            wanted.len()
        ));
    }
    let differs = returned
        .iter()
        .zip(&wanted)
        .position(|(got, wanted)| got != wanted)?;
    let does = if wanted[differs] {
        "accepts"
    } else {
        "rejects"
    };
    Some(format!(
        "Cluster {} {does} the change, and the result at its place says something else.",
        differs + 1
    ))
}

/// `clusters 2 to 3`
fn clusters(range: &Range<usize>) -> String {
    match range.len() {
        1 => format!("cluster {}", range.end),
        2 => format!("clusters {} and {}", range.start + 1, range.end),
        _ => format!("clusters {} to {}", range.start + 1, range.end),
    }
}
