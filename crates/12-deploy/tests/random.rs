//! 10,000 rollouts with failures, hangs, panics and Ctrl-C at random moments, in virtual time.

use std::future::pending;
use std::panic::resume_unwind;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use deploy::{Budget, Change, Event, Kind, Outcome, Plan, Rollout, Settings, Strategy};
use oorandom::Rand64;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

mod fleet;

use fleet::{Refusal, ms};

const RUNS: u64 = 10_000;
/// Runs on one runtime. A paused clock that has run for years is slower.
const RUNS_PER_RUNTIME: u64 = 1_000;

/// How a try ends, after its time.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Ends {
    Changed,
    Unchanged,
    Busy,
    Invalid,
    Hanging,
    Panicking,
}

/// What a seed decides about one rollout.
struct Run {
    strategy: Strategy,
    clusters: usize,
    settings: Settings,
    /// When Ctrl-C comes, if it does.
    ctrl_c: Option<Duration>,
    /// In per cent.
    failing: u64,
}

fn run_of(seed: u64) -> Run {
    let mut random = Rand64::new(u128::from(seed));
    let mut up_to = |most: u64| random.rand_range(0..most + 1);
    let clusters = up_to(50) as usize;
    let budget = match up_to(3) {
        0 => Budget::Unlimited,
        1 => Budget::per_cent(1 + up_to(99)).unwrap(),
        _ => Budget::clusters(1 + up_to(9)).unwrap(),
    };
    Run {
        strategy: Strategy::ALL[(seed % 4) as usize],
        clusters,
        settings: Settings {
            limit: 1 + up_to(19) as usize,
            budget,
            retries: up_to(2) as u32,
            first_wait: ms(up_to(50)),
            longest_wait: ms(100),
            seed,
            // A try that hangs would never end without one.
            cluster_deadline: Some(ms(20 + up_to(100))),
            deadline: (up_to(3) == 0).then(|| ms(120 + up_to(500))),
        },
        ctrl_c: (up_to(2) == 0).then(|| ms(up_to(500))),
        failing: up_to(60),
    }
}

/// How a try ends, and when.
fn decided(seed: u64, cluster: usize, tries: u32, failing: u64) -> (Ends, Duration) {
    let mut random = Rand64::new(u128::from(seed) << 64 | (cluster as u128) << 32 | tries as u128);
    let mut up_to = |most: u64| random.rand_range(0..most + 1);
    let ends = match up_to(99) {
        percent if percent >= failing => match up_to(1) {
            0 => Ends::Changed,
            _ => Ends::Unchanged,
        },
        _ => match up_to(9) {
            0 => Ends::Panicking,
            1 => Ends::Hanging,
            2..5 => Ends::Invalid,
            _ => Ends::Busy,
        },
    };
    (ends, ms(up_to(20)))
}

/// What the observer heard.
#[derive(Default)]
struct Heard {
    /// Clusters that have begun, in the order in which they did.
    begun: Vec<usize>,
    in_flight: usize,
    failed: usize,
    /// Those that have ended, with the moment.
    ended: Vec<usize>,
    /// How many clusters were in flight when the budget was spent, with the one that spent it.
    at_spent: Option<usize>,
    /// Clusters that have begun after that.
    late: usize,
    most_in_flight: usize,
}

impl Heard {
    fn hear(&mut self, index: usize, event: Event<'_>) {
        match event {
            Event::Began => {
                self.begun.push(index);
                self.in_flight += 1;
                self.most_in_flight = self.most_in_flight.max(self.in_flight);
                self.late += usize::from(self.at_spent.is_some());
            }
            Event::Spent => self.at_spent = Some(self.in_flight),
            Event::Ended { kind, .. } => {
                self.ended.push(index);
                if self.begun.contains(&index) {
                    self.in_flight -= 1;
                    self.failed += usize::from(matches!(kind, Kind::Failed | Kind::TimedOut));
                }
            }
            _ => {}
        }
    }
}

async fn rolled_out(
    seed: u64,
    run: &Run,
    heard: &Arc<Mutex<Heard>>,
) -> (Rollout<usize, Refusal>, Arc<deploy::Progress>) {
    let stop = CancellationToken::new();
    let hearing = heard.clone();
    let plan = Plan::new(run.settings.clone())
        .expect("the settings make sense")
        .stopped_by(stop.clone())
        .observed_by(move |index, event| hearing.lock().unwrap().hear(index, event));
    let progress = plan.progress();
    let failing = run.failing;
    let tries = Arc::new(Mutex::new(vec![0; run.clusters]));
    let apply = move |cluster: usize| {
        let mut tries = tries.lock().unwrap();
        tries[cluster] += 1;
        let (ends, after) = decided(seed, cluster, tries[cluster], failing);
        async move {
            if !after.is_zero() {
                sleep(after).await;
            }
            match ends {
                Ends::Changed => Ok(Change::Applied),
                Ends::Unchanged => Ok(Change::Unchanged),
                Ends::Busy => Err(Refusal::Busy),
                Ends::Invalid => Err(Refusal::Invalid),
                Ends::Hanging => pending().await,
                Ends::Panicking => resume_unwind(Box::new("a planned panic")),
            }
        }
    };
    let clusters = (0..run.clusters).collect();
    let rollout = run.strategy.deploy(clusters, plan, apply);
    let ctrl_c = async {
        match run.ctrl_c {
            Some(after) => sleep(after).await,
            None => pending().await,
        }
        stop.cancel();
        pending::<()>().await;
    };
    let rollout = tokio::select! {
        biased;
        rollout = rollout => rollout,
        () = ctrl_c => unreachable!("it never ends"),
    };
    (rollout, progress)
}

/// What holds for every rollout.
fn check(seed: u64, run: &Run, heard: &Heard, rollout: &Rollout<usize, Refusal>) {
    let Run {
        strategy,
        clusters,
        settings,
        ..
    } = run;
    // n of n outcomes, in order, each of which was heard of once.
    let order = rollout.outcomes.iter().map(|(cluster, _)| *cluster);
    assert!(order.eq(0..*clusters), "seed {seed}");
    let mut ended = heard.ended.clone();
    ended.sort();
    assert!(ended.into_iter().eq(0..*clusters), "seed {seed}");
    // Clusters begin in order, and those that have begun are those that were reached.
    assert!(
        heard.begun.iter().copied().eq(0..heard.begun.len()),
        "seed {seed}"
    );
    assert_eq!(rollout.reached(), heard.begun.len(), "seed {seed}");
    assert_eq!(rollout.failures(), heard.failed, "seed {seed}");
    for (index, (_, outcome)) in rollout.outcomes.iter().enumerate() {
        let begun = index < heard.begun.len();
        assert_eq!(outcome.tries() > 0, begun, "seed {seed}: {outcome}");
        assert!(
            outcome.tries() <= settings.retries + 1,
            "seed {seed}: {outcome}"
        );
        if let Outcome::Stopped { .. } = outcome {
            assert!(run.ctrl_c.is_some(), "seed {seed}");
        }
        if *outcome == Outcome::Skipped {
            let canary = *strategy == Strategy::Waves && rollout.outcomes[0].1.is_failure();
            assert!(heard.at_spent.is_some() || canary, "seed {seed}");
        }
    }
    // No more in flight than the limit.
    let limit = match strategy {
        Strategy::Sequential => 1,
        _ => settings.limit,
    };
    assert!(heard.most_in_flight <= limit, "seed {seed}");
    // The budget is overrun by no more than what was in flight when it was spent, and nothing began after that.
    let budget = settings.budget.failures(*clusters);
    let failures = rollout.failures() as u64;
    match heard.at_spent {
        Some(in_flight) => {
            assert!(in_flight <= limit, "seed {seed}");
            assert_eq!(heard.late, 0, "seed {seed}");
            // The one that spent it is in flight, and in the budget.
            assert!(failures < budget + in_flight as u64, "seed {seed}");
        }
        None => assert!(failures < budget, "seed {seed}"),
    }
    if *strategy == Strategy::Waves {
        // The wave of the last cluster that has begun: 1, 2 to 3, 4 to 7, 8 to 15.
        let wave = (heard.begun.len() as u64 + 1).next_power_of_two() / 2;
        assert!(failures < budget.saturating_add(wave), "seed {seed}");
    }
}

fn paused() -> Runtime {
    Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap()
}

#[test]
fn each_cluster_has_one_outcome_and_the_budget_holds() {
    let mut seen = [0; Kind::ALL.len()];
    for first in (0..RUNS).step_by(RUNS_PER_RUNTIME as usize) {
        paused().block_on(async {
            for seed in first..first + RUNS_PER_RUNTIME {
                let run = run_of(seed);
                let heard = Arc::default();
                let start = Instant::now();
                let (rollout, progress) = rolled_out(seed, &run, &heard).await;
                assert_eq!(
                    Handle::current().metrics().num_alive_tasks(),
                    0,
                    "seed {seed}"
                );
                if let Some(deadline) = run.settings.deadline {
                    assert!(start.elapsed() <= deadline, "seed {seed}");
                }
                check(seed, &run, &heard.lock().unwrap(), &rollout);
                assert_eq!(progress.counts(), rollout.counts(), "seed {seed}");
                for (count, kind) in seen.iter_mut().zip(Kind::ALL) {
                    *count += rollout.counts().of(kind);
                }
            }
        });
    }
    // Each kind of outcome is common.
    assert!(seen.iter().all(|count| *count > 1_000), "{seen:?}");
}
