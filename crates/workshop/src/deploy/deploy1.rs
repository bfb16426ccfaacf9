//! `deploy1`: a rollout that is stopped, and that reports once what was done.

use interleave::sync::Arc;
use interleave::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use interleave::{Call, Exploration};

use crate::call::locks;
use crate::deliver::deliver;
use crate::race::{Check, Failure, Model, both, does, explored, praise};
use crate::verdict::{Means, Picture, Verdict};

/// A rollout, and how many clusters were changed. A report says that number.
struct Shared<R> {
    rollout: R,
    applied: AtomicUsize,
}

/// What the threads saw.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Seen {
    /// How many clusters began.
    begun: usize,
    /// Whether one of them began after `stop` had returned.
    late: bool,
    /// What each report said.
    reports: Vec<usize>,
}

impl Seen {
    fn and(mut self, other: Seen) -> Seen {
        self.begun += other.begun;
        self.late |= other.late;
        self.reports.extend(other.reports);
        self.reports.sort_unstable();
        self
    }

    fn is_right(&self) -> bool {
        !self.late && self.reports == [self.begun]
    }
}

/// Grades a rollout: `begin` returns whether a cluster may begin, and `end` and `stop` whether the caller has to report.
pub fn deploy1<R: Send + Sync + 'static>(
    new: fn() -> R,
    begin: fn(&R) -> bool,
    end: fn(&R) -> bool,
    stop: fn(&R) -> bool,
) -> Verdict {
    let shared = move || {
        Arc::new(Shared {
            rollout: new(),
            applied: AtomicUsize::new(0),
        })
    };
    let report = |told: bool, shared: &Shared<R>| Seen {
        reports: Vec::from_iter(told.then(|| shared.applied.load(Relaxed))),
        ..Seen::default()
    };
    let change = move |shared: &Shared<R>| {
        shared.applied.fetch_add(1, Relaxed);
        report(end(&shared.rollout), shared)
    };
    let change_some = move |clusters: usize, shared: &Shared<R>| {
        let mut seen = Seen::default();
        while seen.begun < clusters && begin(&shared.rollout) {
            seen.begun += 1;
            seen = seen.and(change(shared));
        }
        seen
    };
    let stopped = move |clusters: usize| -> Model<Seen> {
        Box::new(move || {
            let (worker, stopper) = both(
                &shared(),
                ("worker", move |it: &Shared<R>| change_some(clusters, it)),
                ("stopper", move |it: &Shared<R>| {
                    report(stop(&it.rollout), it)
                }),
            );
            worker.and(stopper)
        })
    };
    // Two clusters are in flight when the rollout is stopped, and a third would like to begin. Catches a beginning that is
    // taken back: meanwhile the last end doesn't look like the last.
    let in_flight: Model<Seen> = Box::new(move || {
        let shared = shared();
        let begun = (0..2).filter(|_| begin(&shared.rollout)).count();
        let mut seen = report(stop(&shared.rollout), &shared);
        seen.begun = begun;
        let change_and_begin = move |shared: &Shared<R>| {
            let mut seen = change(shared);
            seen.late = begin(&shared.rollout);
            seen
        };
        let (one, two) = both(
            &shared,
            ("worker 1", change),
            ("worker 2", change_and_begin),
        );
        seen.and(one).and(two)
    });
    graded(stopped(1), in_flight, stopped(2))
}

fn said(seen: &Seen) -> String {
    let reports = match &seen.reports[..] {
        [] => "nobody reports".to_owned(),
        [one] => format!("the report says {one}"),
        several => {
            let words = Vec::from_iter(several.iter().map(usize::to_string));
            format!("the reports say {}", words.join(" and "))
        }
    };
    let late = if seen.late {
        ", one after the stop"
    } else {
        ""
    };
    format!(
        "{} began{late}, {reports}",
        seen.begun + usize::from(seen.late)
    )
}

fn graded(one: Model<Seen>, in_flight: Model<Seen>, two: Model<Seen>) -> Verdict {
    let check = |expected| Check {
        said,
        expected,
        holds: Seen::is_right,
        because,
    };
    let expected = "should be one report, of all";
    deliver(Means::Explored, move || {
        let exploration = explored(one, check(expected))?;
        begins(&exploration, 1)?;
        explored(in_flight, check("should be 2, and one report that says 2")).map_err(
            |verdict| verdict.prefixed("Two clusters are in flight when it is stopped."),
        )?;
        // Catches answers that are made for one cluster.
        let longer = explored(two, check(expected)).map_err(|verdict| {
            verdict.prefixed("This works for one cluster, but not for two, one after the other.")
        })?;
        begins(&longer, 2)?;
        let mut praise = praise(&exploration);
        if does(&exploration, locks) {
            praise += " A lock works. Can you do it with one atomic and no lock?";
        }
        Ok(praise)
    })
}

/// Whether all clusters begin if the stop comes late enough.
fn begins(exploration: &Exploration<Seen>, clusters: usize) -> Result<(), Verdict> {
    let mut executions = exploration.executions().iter();
    let begun = |seen: &Seen| seen.begun == clusters;
    match executions.any(|execution| execution.outcome().is_some_and(begun)) {
        true => Ok(()),
        false => {
            let sentence = match clusters {
                1 => "The cluster never begins, not even if the stop comes last.",
                _ => "The second cluster never begins, not even if the stop comes last.",
            };
            Err(Verdict::wrong(Picture::None, sentence))
        }
    }
}

fn because(failure: &Failure<Seen>) -> Option<String> {
    let seen = failure.outcome()?;
    let sentence = match &seen.reports[..] {
        _ if !failure.calls.iter().any(|call| !is_applied(call)) => {
            "The explorer sees none of your operations. Use the types from `workshop::sync`, not those from `std::sync`."
        }
        _ if seen.late => "A cluster begins after the stop.",
        [] => "Nobody reports what was done.",
        [_, _, ..] => "There is more than one report.",
        [said] if *said >= seen.begun => return None,
        [_] if failure.sleeps => return None,
        [_] if is_stale(&failure.calls) => {
            "The report comes last, and still misses a cluster. What makes sure that its thread sees the change?"
        }
        [_] => "The report comes while a cluster is in flight, so it misses that cluster.",
    };
    Some(sentence.to_owned())
}

/// Whether it is an operation of the grader.
fn is_applied(call: &Call) -> bool {
    let object = call.object.as_deref();
    object.is_some_and(|object| object.ends_with("applied"))
}

/// Whether all changes come before the report.
fn is_stale(calls: &[Call]) -> bool {
    let of = |method| move |call: &Call| call.method == method && is_applied(call);
    let last = calls.iter().rposition(of("fetch_add"));
    let report = calls.iter().position(of("load"));
    last < report
}
