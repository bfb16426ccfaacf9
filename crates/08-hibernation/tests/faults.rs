//! What a check does when calls fail: every resource has an outcome, in order, in time.

use std::sync::Arc;
use std::time::Duration;

use apiserver::{Fault, Faults, Rule, When};
use hibernation::{Answer, Cause, Limits, Report, Status, Strategy};
use tokio::time::Instant;

mod talk;

use talk::{LATENCY, LIMITS, resources};

const EVERY_FAULT: [Fault; 8] = [
    Fault::Slow(Duration::from_millis(700)),
    Fault::TooManyRequests(1),
    Fault::Error(500),
    Fault::Error(503),
    Fault::Hang,
    Fault::Truncated,
    Fault::Reset,
    Fault::Lost,
];

/// Checks under some faults, and checks that the report is whole, in order, in time, and that the server has counted as many
/// requests.
async fn check(strategy: Strategy, faults: Faults, limits: Limits) -> Report {
    let (cluster, client) = talk::cluster(faults);
    let start = Instant::now();
    let report = strategy
        .check(&client, &resources(), limits, Arc::default())
        .await;
    let took = start.elapsed();
    assert!(took <= limits.deadline, "{strategy} took {took:?}");
    let order: Vec<_> = report
        .answers
        .iter()
        .map(|(resource, _)| resource.clone())
        .collect();
    assert_eq!(order, resources(), "{strategy}");
    assert_eq!(report.counts.unknown as usize, report.unknown().count());
    let sum = report
        .answers
        .iter()
        .map(|(_, answer)| answer.counts())
        .sum();
    assert_eq!(report.counts, sum);
    // The requests that a watch sends after its lists may be under way.
    if strategy != Strategy::Watched {
        assert_eq!(report.tries, cluster.requests().total(), "{strategy}");
    }
    report
}

/// What is known is right, whatever else is unknown.
fn assert_is_right(report: &Report, truth: &Report) {
    for ((resource, answer), (_, right)) in report.answers.iter().zip(&truth.answers) {
        match answer {
            Answer::Unknown(_) => {}
            answer => assert_eq!(answer, right, "{resource}"),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn under_each_fault_every_resource_has_a_right_outcome_in_order_and_in_time() {
    let truth = check(Strategy::Listed, Faults::default(), LIMITS).await;
    for strategy in Strategy::ALL {
        for fault in EVERY_FAULT {
            let faults = Faults::latency(LATENCY).with(fault, When::Percent(20.0));
            let report = check(strategy, faults, LIMITS).await;
            assert_is_right(&report, &truth);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn under_all_faults_together_too() {
    let truth = check(Strategy::Listed, Faults::default(), LIMITS).await;
    for strategy in Strategy::ALL {
        for seed in 0..3 {
            let mut faults = Faults::latency(LATENCY);
            faults.seed = seed;
            for fault in EVERY_FAULT {
                faults = faults.with(fault, When::Percent(5.0));
            }
            let report = check(strategy, faults, LIMITS).await;
            assert_is_right(&report, &truth);
        }
    }
}

/// A server that never answers rightly: everything is unknown, and each resource says why.
#[tokio::test(start_paused = true)]
async fn if_every_call_fails_everything_is_unknown_and_named() {
    for (fault, words) in [
        (
            Fault::Error(500),
            "500 the server was told to fail: 500 Internal Server Error (5 tries)",
        ),
        (Fault::Truncated, "not the expected answer"),
        (Fault::Reset, "no connection"),
        (Fault::Lost, "no connection"),
    ] {
        for strategy in [Strategy::Batches, Strategy::Window, Strategy::Listed] {
            let faults = Faults::latency(LATENCY).with(fault, When::Always);
            let report = check(strategy, faults, LIMITS).await;
            assert_eq!(report.unknown().count(), 100);
            assert_eq!(report.status(), Status::Unknown);
            for (resource, failure) in report.unknown() {
                let said = failure.to_string();
                assert!(said.starts_with(words), "{strategy}, {resource}: {said}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_hangs_costs_the_deadline_and_no_more() {
    let limits = Limits {
        deadline: Duration::from_secs(2),
        ..LIMITS
    };
    for strategy in Strategy::ALL {
        let start = Instant::now();
        let report = check(
            strategy,
            Faults::default().with(Fault::Hang, When::Always),
            limits,
        )
        .await;
        assert_eq!(report.unknown().count(), 100, "{strategy}");
        assert!(start.elapsed() <= limits.deadline);
    }
}

#[tokio::test(start_paused = true)]
async fn a_failure_that_no_retry_can_help_is_not_retried() {
    let resources = [hibernation::Resource {
        name: "not a name".to_owned(),
        ..resources()[0].clone()
    }];
    let (cluster, client) = talk::cluster(Faults::default());
    let report = Strategy::Window
        .check(&client, &resources, LIMITS, Arc::default())
        .await;
    assert!(cluster.requests().total() <= 1);
    assert_eq!(report.tries, cluster.requests().total());
    assert!(report.answers[0].1 != Answer::Running { replicas: 1 });
}

/// Every first try is told to come back after 2 s. It comes back then, within the jitter of the first backoff, and not
/// all at once.
#[tokio::test(start_paused = true)]
async fn retry_after_is_obeyed_with_jitter() {
    let faults = Faults::default().with(Fault::TooManyRequests(2), When::Tries(1..=1));
    let (cluster, client) = talk::cluster(faults);
    let limits = Limits {
        in_flight: 100.try_into().unwrap(),
        ..LIMITS
    };
    let start = Instant::now();
    let resources = resources();
    let checked = Strategy::Window.check(&client, &resources, limits, Arc::default());
    let mut checked = std::pin::pin!(checked);
    // While it waits, nothing is sent.
    let early = tokio::time::timeout(Duration::from_millis(2_099), &mut checked);
    assert!(early.await.is_err());
    assert_eq!(cluster.requests().total(), 100);
    let middle = tokio::time::timeout(Duration::from_millis(51), &mut checked);
    assert!(middle.await.is_err());
    let by_then = cluster.requests().total() - 100;
    assert!((1..100).contains(&by_then), "{by_then} tries came at once");
    let report = checked.await;
    assert_eq!(report.status(), Status::PartiallyHibernated);
    assert_eq!((report.tries, cluster.requests().total()), (200, 200));
    let took = start.elapsed();
    assert!(took < Duration::from_millis(2_202), "{took:?}");
    assert!(cluster.requests().tries().all(|(_, tries)| tries == 2));
}

/// A wait that would pass the deadline isn't begun.
#[tokio::test(start_paused = true)]
async fn retry_after_beyond_the_deadline_is_not_waited_for() {
    let faults = Faults::default().with(Fault::TooManyRequests(30), When::Always);
    let limits = Limits {
        deadline: Duration::from_secs(20),
        ..LIMITS
    };
    let start = Instant::now();
    let report = check(Strategy::Window, faults, limits).await;
    assert_eq!(start.elapsed(), Duration::ZERO);
    assert_eq!((report.tries, report.unknown().count()), (100, 100));
    let (_, failure) = report.unknown().next().unwrap();
    assert_eq!((failure.status(), failure.tries), (Some(429), 1));
}

/// A server that says when to come back is asked until the deadline, not five times.
#[tokio::test(start_paused = true)]
async fn a_server_that_is_busy_is_asked_until_the_deadline() {
    let faults = Faults::default().with(Fault::TooManyRequests(1), When::Always);
    let report = check(Strategy::Listed, faults, LIMITS).await;
    let (_, failure) = report.unknown().next().unwrap();
    // Each wait is a second and a backoff of up to 4 s.
    assert!((12..60).contains(&failure.tries), "{} tries", failure.tries);
}

#[tokio::test(start_paused = true)]
async fn a_watch_obeys_retry_after_too() {
    let faults = Faults::default().with(Fault::TooManyRequests(2), When::Tries(1..=1));
    let (cluster, client) = talk::cluster(faults);
    let start = Instant::now();
    let report = Strategy::Watched
        .check(&client, &resources(), LIMITS, Arc::default())
        .await;
    let took = start.elapsed();
    assert_eq!(report.status(), Status::PartiallyHibernated);
    assert!((2_100..2_202).contains(&took.as_millis()), "{took:?}");
    assert_eq!(cluster.requests().count("list", "deployments"), 2);
}

/// In production: one workload is hibernated, and the call for another one fails.
#[tokio::test(start_paused = true)]
async fn a_call_that_failed_makes_the_status_unknown() {
    let path = "/web-02".to_owned();
    let rule = Rule {
        fault: Fault::Error(500),
        when: When::Always,
        method: None,
        path,
    };
    let faults = Faults {
        rules: vec![rule],
        ..Faults::default()
    };
    let (_, client) = talk::cluster(faults);
    let report = Strategy::Window
        .check(&client, &resources()[..2], LIMITS, Arc::default())
        .await;
    assert_eq!(report.status(), Status::Unknown);
    let unknown: Vec<String> = report
        .unknown()
        .map(|(resource, _)| resource.to_string())
        .collect();
    assert_eq!(unknown, ["Deployment talk/web-02"]);
    let (_, failure) = report.unknown().next().unwrap();
    assert!(matches!(failure.cause, Cause::Refused { status: 500, .. }));
}
