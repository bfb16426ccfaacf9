//! What a rollout promises, one promise a test.

use std::future::pending;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use deploy::{
    Budget, BudgetError, Cause, Change, Event, Kind, Outcome, Plan, PlanError, Rollout, Settings,
    Strategy,
};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

mod fleet;

use fleet::{Refusal, ms, plan};

type Answer = Result<Change, Refusal>;

/// Every cluster takes 2 s, and answers what `answer` says.
async fn of_two_seconds(
    strategy: Strategy,
    clusters: usize,
    settings: Settings,
    answer: fn(usize) -> Answer,
) -> (Rollout<usize, Refusal>, Duration) {
    let start = Instant::now();
    let apply = move |cluster| async move {
        sleep(ms(2_000)).await;
        answer(cluster)
    };
    let rollout = strategy
        .deploy((0..clusters).collect(), plan(settings), apply)
        .await;
    (rollout, start.elapsed())
}

fn applied(_: usize) -> Answer {
    Ok(Change::Applied)
}

fn invalid(_: usize) -> Answer {
    Err(Refusal::Invalid)
}

fn kinds(rollout: &Rollout<usize, Refusal>) -> Vec<Kind> {
    let order: Vec<usize> = rollout
        .outcomes
        .iter()
        .map(|(cluster, _)| *cluster)
        .collect();
    assert_eq!(order, (0..order.len()).collect::<Vec<_>>());
    rollout
        .outcomes
        .iter()
        .map(|(_, outcome)| outcome.kind())
        .collect()
}

#[tokio::test(start_paused = true)]
async fn fifty_clusters_take_100_10_10_and_16_seconds() {
    for (strategy, seconds) in Strategy::ALL.into_iter().zip([100, 10, 10, 16]) {
        let (rollout, took) = of_two_seconds(strategy, 50, Settings::default(), applied).await;
        assert_eq!(took, Duration::from_secs(seconds), "{strategy}");
        assert!(rollout.is_success());
        assert_eq!((rollout.reached(), rollout.tries()), (50, 50));
        assert_eq!(kinds(&rollout), [Kind::Applied; 50]);
    }
}

#[tokio::test(start_paused = true)]
async fn no_clusters_take_no_time() {
    for strategy in Strategy::ALL {
        let (rollout, took) = of_two_seconds(strategy, 0, Settings::default(), applied).await;
        assert_eq!((rollout.outcomes.len(), took), (0, Duration::ZERO));
        assert!(rollout.is_success());
    }
}

/// A bad change fails everywhere. Each strategy stops after 5 failures, and reaches what was in flight.
#[tokio::test(start_paused = true)]
async fn a_bad_change_reaches_the_budget_and_what_was_in_flight() {
    let settings = Settings {
        budget: Budget::clusters(5).unwrap(),
        ..Settings::default()
    };
    for (strategy, reached) in Strategy::ALL.into_iter().zip([5, 10, 14, 1]) {
        let (rollout, _) = of_two_seconds(strategy, 50, settings.clone(), invalid).await;
        assert_eq!(rollout.reached(), reached, "{strategy}");
        assert_eq!(rollout.failures(), reached);
        let kinds = kinds(&rollout);
        assert!(kinds[..reached].iter().all(|kind| *kind == Kind::Failed));
        assert!(kinds[reached..].iter().all(|kind| *kind == Kind::Skipped));
    }
}

/// In waves, a budget that the canary leaves alone is spent in the third wave: of 1, 2 and 4 clusters.
#[tokio::test(start_paused = true)]
async fn waves_stop_after_the_wave_that_spends_the_budget() {
    let but_the_canary = |cluster| match cluster {
        0 => Ok(Change::Applied),
        _ => Err(Refusal::Invalid),
    };
    let settings = Settings {
        budget: Budget::per_cent(10).unwrap(),
        ..Settings::default()
    };
    let (rollout, took) = of_two_seconds(Strategy::Waves, 50, settings, but_the_canary).await;
    assert_eq!((rollout.reached(), rollout.failures()), (7, 6));
    assert_eq!(took, ms(6_000));
}

#[tokio::test(start_paused = true)]
async fn a_canary_that_fails_is_enough_however_large_the_budget() {
    let canary = |cluster| match cluster {
        0 => Err(Refusal::Invalid),
        _ => Ok(Change::Applied),
    };
    for clusters in [1, 2, 50] {
        let (rollout, took) =
            of_two_seconds(Strategy::Waves, clusters, Settings::default(), canary).await;
        assert_eq!((rollout.reached(), took), (1, ms(2_000)));
    }
}

#[tokio::test(start_paused = true)]
async fn a_try_that_may_help_is_repeated_after_waits_that_double() {
    let tries = Arc::new(AtomicU32::new(0));
    let counting = tries.clone();
    let apply = move |_| {
        let tried = counting.fetch_add(1, Relaxed);
        async move {
            match tried {
                0..3 => Err(Refusal::Busy),
                _ => Ok(Change::Unchanged),
            }
        }
    };
    let waits = Arc::new(Mutex::new(Vec::new()));
    let noting = waits.clone();
    let plan = plan(Settings::default()).observed_by(move |_, event| {
        if let Event::Retrying { wait, .. } = event {
            noting.lock().unwrap().push(wait);
        }
    });
    let rollout = deploy::window::deploy(vec![()], plan, apply).await;
    assert_eq!(rollout.outcomes[0].1, Outcome::Unchanged { tries: 4 });
    let waits = waits.lock().unwrap();
    assert_eq!(waits.len(), 3);
    for (wait, first) in waits.iter().zip([500, 1_000, 2_000]) {
        assert!((ms(first)..=ms(2 * first)).contains(wait), "{waits:?}");
    }
}

/// Waits are different for each cluster, and the same for each run with a seed.
#[tokio::test(start_paused = true)]
async fn the_jitter_comes_from_the_seed() {
    let waits = async |seed| {
        let waits = Arc::new(Mutex::new(Vec::new()));
        let noting = waits.clone();
        let settings = Settings {
            seed,
            retries: 1,
            ..Settings::default()
        };
        let plan = plan(settings).observed_by(move |index, event| {
            if let Event::Retrying { wait, .. } = event {
                noting.lock().unwrap().push((index, wait));
            }
        });
        let apply = |_| async { Err(Refusal::Busy) };
        let rollout = deploy::window::deploy(vec![(); 10], plan, apply).await;
        assert_eq!(rollout.failures(), 10);
        assert_eq!(rollout.tries(), 20);
        let waits = waits.lock().unwrap();
        waits.clone()
    };
    let (once, again, other) = (waits(1).await, waits(1).await, waits(2).await);
    assert_eq!(once, again);
    assert_ne!(once, other);
    let mut distinct: Vec<Duration> = once.iter().map(|(_, wait)| *wait).collect();
    distinct.sort();
    distinct.dedup();
    assert_eq!(distinct.len(), 10);
}

#[tokio::test(start_paused = true)]
async fn what_a_cluster_asks_for_is_added_to_the_wait() {
    let start = Instant::now();
    let apply = move |_| async move {
        match start.elapsed() {
            elapsed if elapsed < ms(30_000) => Err(Refusal::BusyFor(ms(30_000))),
            _ => Ok(Change::Applied),
        }
    };
    let rollout = deploy::window::deploy(vec![()], plan(Settings::default()), apply).await;
    assert_eq!(rollout.outcomes[0].1, Outcome::Applied { tries: 2 });
    assert!((ms(30_500)..=ms(31_001)).contains(&start.elapsed()));
}

#[tokio::test(start_paused = true)]
async fn an_error_that_lasts_is_not_repeated() {
    let (rollout, took) = of_two_seconds(Strategy::Window, 1, Settings::default(), invalid).await;
    let cause = Cause::Error(Refusal::Invalid);
    assert_eq!(rollout.outcomes[0].1, Outcome::Failed { tries: 1, cause });
    assert_eq!(rollout.outcomes[0].1.to_string(), "failed: invalid");
    assert_eq!(took, ms(2_000));
}

#[tokio::test(start_paused = true)]
async fn a_cluster_that_hangs_times_out_and_counts_as_failed() {
    let settings = Settings {
        limit: 2,
        budget: Budget::clusters(1).unwrap(),
        cluster_deadline: Some(ms(3_000)),
        ..Settings::default()
    };
    let start = Instant::now();
    let apply = |cluster: usize| async move {
        if cluster == 0 {
            pending::<()>().await;
        }
        sleep(ms(2_000)).await;
        Ok::<_, Refusal>(Change::Applied)
    };
    let rollout = deploy::window::deploy((0..5).collect(), plan(settings), apply).await;
    // The third cluster begins at 2 s, before the first one times out, and the fourth would begin at 4 s.
    let expected = [
        Kind::TimedOut,
        Kind::Applied,
        Kind::Applied,
        Kind::Skipped,
        Kind::Skipped,
    ];
    assert_eq!(kinds(&rollout), expected);
    assert_eq!(start.elapsed(), ms(4_000));
    assert_eq!(rollout.outcomes[0].1.to_string(), "timed out");
}

#[tokio::test(start_paused = true)]
async fn at_the_deadline_of_the_rollout_the_rest_times_out() {
    let settings = Settings {
        deadline: Some(ms(5_000)),
        ..Settings::default()
    };
    let (rollout, took) = of_two_seconds(Strategy::Batches, 50, settings, applied).await;
    let counts = rollout.counts();
    assert_eq!(
        (counts.of(Kind::Applied), counts.of(Kind::TimedOut)),
        (20, 30)
    );
    assert_eq!((rollout.reached(), took), (30, ms(5_000)));
    let never = &rollout.outcomes[49].1;
    assert_eq!(never.to_string(), "timed out before it began");
    assert!(!never.is_failure());
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_would_pass_the_deadline_is_not_begun() {
    let settings = Settings {
        cluster_deadline: Some(ms(100)),
        ..Settings::default()
    };
    let start = Instant::now();
    let apply = |_| async { Err(Refusal::Busy) };
    let rollout = deploy::window::deploy(vec![()], plan(settings), apply).await;
    let error = Some(Refusal::Busy);
    let outcome = &rollout.outcomes[0].1;
    assert_eq!(*outcome, Outcome::TimedOut { tries: 1, error });
    assert_eq!(outcome.to_string(), "timed out: busy");
    assert_eq!(start.elapsed(), Duration::ZERO);
}

/// Ctrl-C at 3 s: the second batch has begun, and goes on.
#[tokio::test(start_paused = true)]
async fn a_stopped_rollout_waits_for_what_is_in_flight() {
    for (strategy, begun) in Strategy::ALL.into_iter().zip([2, 20, 20, 3]) {
        let stop = CancellationToken::new();
        let plan = plan(Settings::default()).stopped_by(stop.clone());
        let start = Instant::now();
        let apply = |_| async {
            sleep(ms(2_000)).await;
            Ok::<_, Refusal>(Change::Applied)
        };
        let rollout = strategy.deploy((0..50).collect(), plan, apply);
        let ctrl_c = async {
            sleep(ms(3_000)).await;
            stop.cancel();
        };
        let (rollout, ()) = tokio::join!(rollout, ctrl_c);
        assert_eq!((rollout.reached(), start.elapsed()), (begun, ms(4_000)));
        let counts = rollout.counts();
        assert_eq!(counts.of(Kind::Applied) as usize, begun);
        assert_eq!(counts.of(Kind::Stopped) as usize, 50 - begun);
        let never = &rollout.outcomes[49].1;
        assert_eq!(never.to_string(), "stopped before it began");
    }
}

#[tokio::test(start_paused = true)]
async fn a_stop_ends_a_wait_between_two_tries_at_once() {
    let stop = CancellationToken::new();
    let settings = Settings {
        first_wait: ms(5_000),
        ..Settings::default()
    };
    let plan = plan(settings).stopped_by(stop.clone());
    let start = Instant::now();
    let apply = |_| async { Err(Refusal::Busy) };
    let rollout = deploy::window::deploy(vec![()], plan, apply);
    let ctrl_c = async {
        sleep(ms(1_000)).await;
        stop.cancel();
    };
    let (rollout, ()) = tokio::join!(rollout, ctrl_c);
    let error = Some(Refusal::Busy);
    let outcome = &rollout.outcomes[0].1;
    assert_eq!(*outcome, Outcome::Stopped { tries: 1, error });
    assert_eq!(outcome.to_string(), "stopped: busy");
    assert_eq!(start.elapsed(), ms(1_000));
}

/// Whether the call panics or its future: the cluster has failed, the others go on, and no try is repeated.
#[tokio::test(start_paused = true)]
async fn a_panic_of_apply_is_a_failure_of_its_cluster() {
    for strategy in Strategy::ALL {
        let apply = |cluster| {
            if cluster == 1 {
                resume_unwind(Box::new("no manifest"));
            }
            async move {
                sleep(ms(10)).await;
                if cluster == 2 {
                    resume_unwind(Box::new(format!("no cluster {cluster}")));
                }
                Ok::<_, Refusal>(Change::Applied)
            }
        };
        let plan = plan(Settings::default());
        let rollout = strategy.deploy((0..4).collect(), plan, apply).await;
        let words: Vec<String> = rollout
            .outcomes
            .iter()
            .map(|(_, outcome)| outcome.to_string())
            .collect();
        let expected = [
            "applied",
            "failed: panicked: no manifest",
            "failed: panicked: no cluster 2",
            "applied",
        ];
        assert_eq!(words, expected, "{strategy}");
        assert_eq!(rollout.failures(), 2);
    }
}

#[tokio::test(start_paused = true)]
#[should_panic(expected = "the observer panics")]
async fn a_panic_of_the_observer_is_the_rollouts() {
    let plan = plan(Settings::default())
        .observed_by(|_, _| resume_unwind(Box::new("the observer panics")));
    let apply = |_| async { Ok::<_, Refusal>(Change::Applied) };
    deploy::window::deploy(vec![()], plan, apply).await;
}

#[tokio::test(start_paused = true)]
async fn a_rollout_that_is_dropped_begins_nothing_more() {
    for strategy in Strategy::ALL {
        let begun = Arc::new(AtomicU32::new(0));
        let counting = begun.clone();
        let apply = move |_| {
            counting.fetch_add(1, Relaxed);
            async {
                sleep(ms(2_000)).await;
                Ok::<_, Refusal>(Change::Applied)
            }
        };
        let plan = plan(Settings::default());
        let rollout = strategy.deploy((0..50).collect(), plan, apply);
        timeout(ms(1_000), rollout)
            .await
            .expect_err("it is dropped");
        let before = begun.load(Relaxed);
        sleep(ms(60_000)).await;
        assert_eq!(begun.load(Relaxed), before, "{strategy}");
    }
}

/// The observer hears of each cluster when it begins and once when it ends, and the progress is what it has heard.
#[tokio::test(start_paused = true)]
async fn the_observer_and_the_progress_know_what_happens() {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let noting = heard.clone();
    let settings = Settings {
        limit: 2,
        budget: Budget::clusters(1).unwrap(),
        ..Settings::default()
    };
    let plan = plan(settings).observed_by(move |index, event| {
        let words = match event {
            Event::Began => "began".to_owned(),
            Event::Spent => "spent the budget".to_owned(),
            Event::Ended { outcome, .. } => outcome.to_string(),
            _ => unreachable!("nothing is tried again"),
        };
        noting.lock().unwrap().push(format!("{index} {words}"));
    });
    let progress = plan.progress();
    let apply = |cluster| async move {
        sleep(ms(10)).await;
        invalid(cluster)
    };
    let rollout = deploy::window::deploy((0..3).collect(), plan, apply).await;
    let expected = [
        "0 began",
        "1 began",
        "0 spent the budget",
        "0 failed: invalid",
        "2 skipped: the failure budget was spent",
        "1 failed: invalid",
    ];
    assert_eq!(*heard.lock().unwrap(), expected);
    assert_eq!(progress.counts(), rollout.counts());
    assert_eq!(
        progress.counts().to_string(),
        "3 ended: 2 failed, 1 skipped"
    );
}

#[test]
fn a_budget_is_read_and_written() {
    for (text, clusters, failures) in [
        ("5", 50, 5),
        ("10%", 50, 5),
        ("10%", 51, 6),
        ("1%", 3, 1),
        ("1%", 0, 1),
        ("100%", 50, 50),
        ("unlimited", 50, u64::MAX),
    ] {
        let budget: Budget = text.parse().unwrap();
        assert_eq!(budget.failures(clusters), failures, "{text}");
        assert_eq!(budget.to_string(), text);
    }
    for (text, error) in [
        ("0", BudgetError::Zero),
        ("0%", BudgetError::Zero),
        ("101%", BudgetError::PerCent(101)),
        ("", BudgetError::Text(String::new())),
        ("%", BudgetError::Text("%".to_owned())),
        ("-1", BudgetError::Text("-1".to_owned())),
        ("ten", BudgetError::Text("ten".to_owned())),
        ("5 %", BudgetError::Text("5 %".to_owned())),
    ] {
        assert_eq!(text.parse::<Budget>(), Err(error), "{text}");
    }
}

#[test]
fn settings_that_make_no_sense_are_refused_with_a_reason() {
    let defaults = Settings::default;
    for (settings, error, words) in [
        (
            Settings {
                limit: 0,
                ..defaults()
            },
            PlanError::Limit,
            "with a limit of 0 nothing would begin; use at least 1",
        ),
        (
            Settings {
                deadline: Some(Duration::ZERO),
                ..defaults()
            },
            PlanError::Deadline,
            "a deadline of 0 has passed before anything begins",
        ),
        (
            Settings {
                cluster_deadline: Some(ms(2_000)),
                deadline: Some(ms(1_000)),
                ..defaults()
            },
            PlanError::ClusterDeadline {
                cluster: ms(2_000),
                all: ms(1_000),
            },
            "a cluster may take 2s, but all of them together only 1s",
        ),
        (
            Settings {
                first_wait: ms(11_000),
                ..defaults()
            },
            PlanError::Waits {
                first: ms(11_000),
                longest: ms(10_000),
            },
            "the first wait of 11s is longer than the longest one of 10s",
        ),
    ] {
        let refused = Plan::new(settings).unwrap_err();
        assert_eq!((refused.to_string().as_str(), refused), (words, error));
    }
}

/// Durations that no clock can add don't panic.
#[tokio::test(start_paused = true)]
async fn the_longest_durations_are_as_good_as_none() {
    let settings = Settings {
        first_wait: Duration::MAX,
        longest_wait: Duration::MAX,
        cluster_deadline: Some(Duration::MAX),
        deadline: Some(Duration::MAX),
        ..Settings::default()
    };
    let apply = |_| async { Err(Refusal::BusyFor(Duration::MAX)) };
    let rollout = deploy::window::deploy(vec![()], plan(settings), apply).await;
    assert_eq!(rollout.outcomes[0].1.kind(), Kind::TimedOut);
}
