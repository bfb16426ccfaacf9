//! Draws uneven rollouts with failures, for every limit, failure rate and budget.

use std::cell::RefCell;
use std::error::Error;
use std::fmt;
use std::time::Duration;

use deploy::{ApplyError, Change, Plan, Rollout, Settings, Strategy};
use diagram::assert_snapshot;
use oorandom::Rand64;
use timeline::{Parameter, Recording, Sweep, Timeline, record};
use tokio::time::sleep;

mod drawn;

use drawn::{Named, of_clusters};

const CLUSTERS: usize = 20;
const LIMITS: [usize; 3] = [1, 5, 10];
const RATES: [u64; 3] = [0, 10, 30];
/// With it, 6 of 20 clusters fail at 30 %, and the third failure comes in the middle.
const SEED: u128 = 1_223;
const BUDGETS: [&str; 3] = ["1", "3", "unlimited"];

/// A cluster that takes 1 to 3 s, and may fail.
#[derive(Clone)]
struct Cluster {
    name: String,
    ms: u64,
    fails: bool,
}

impl Named for Cluster {
    fn name(&self) -> &str {
        &self.name
    }
}

/// The cluster doesn't accept the change.
#[derive(Debug)]
struct Rejected;

impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("rejected")
    }
}

impl Error for Rejected {}

impl ApplyError for Rejected {
    fn is_transient(&self) -> bool {
        false
    }
}

/// Twenty clusters, of which about so many of a hundred fail. One that fails at a rate does at every higher rate.
fn clusters(rate: u64) -> Vec<Cluster> {
    let mut random = Rand64::new(SEED);
    (1..=CLUSTERS)
        .map(|number| Cluster {
            name: format!("C{number}"),
            ms: random.rand_range(1_000..3_001),
            fails: random.rand_range(0..100) < rate,
        })
        .collect()
}

async fn apply(cluster: Cluster) -> Result<Change, Rejected> {
    sleep(Duration::from_millis(cluster.ms)).await;
    match cluster.fails {
        true => Err(Rejected),
        false => Ok(Change::Applied),
    }
}

/// Rolls out, and records each try as a span with the cluster's name.
async fn deployed(
    strategy: Strategy,
    [limit, rate, budget]: [usize; 3],
    timeline: Timeline,
) -> Rollout<Cluster, Rejected> {
    let settings = Settings {
        limit: LIMITS[limit],
        budget: BUDGETS[budget].parse().unwrap(),
        ..Settings::default()
    };
    let apply = move |cluster: Cluster| {
        let name = cluster.name.clone();
        timeline.span(name, apply(cluster))
    };
    let plan = Plan::new(settings).unwrap();
    let clusters = clusters(RATES[rate]);
    let fail = clusters.iter().filter(|cluster| cluster.fails).count();
    let rollout = strategy.deploy(clusters, plan, apply).await;
    let goes_on = rollout.reached() == CLUSTERS;
    assert!(rollout.failures() <= fail);
    assert!(!goes_on || rollout.failures() == fail);
    rollout
}

/// Records three strategies for every limit, failure rate and budget: for the page's sliders.
#[tokio::test(start_paused = true)]
async fn every_limit_failure_rate_and_budget() {
    let mut sweep = Sweep::over([
        Parameter::new("Limit", LIMITS),
        Parameter::new("Clusters that fail", RATES.map(|rate| format!("{rate} %"))),
        Parameter::new("Failure budget", BUDGETS),
    ]);
    for strategy in [Strategy::Batches, Strategy::Window, Strategy::Waves] {
        let name = format!("uneven-{strategy}");
        let last = RefCell::new(None);
        let run = async |at: [usize; 3], timeline: Timeline| {
            *last.borrow_mut() = Some(deployed(strategy, at, timeline).await);
        };
        let chart = |recording: &Recording| {
            let rollout = last.borrow();
            of_clusters(recording, rollout.as_ref().expect("it was recorded"))
        };
        sweep.record(&name, run, chart).await;
        let shown = [1, 2, 1];
        sweep.show(&name, &name, shown);
        let recording = record(async |timeline| run(shown, timeline).await).await;
        assert_snapshot!(&name, chart(&recording));
    }
    assert_snapshot!("sweep", sweep);
}
