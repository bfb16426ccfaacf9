//! Clusters that a seed decides about, in virtual time.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use deploy::{ApplyError, Budget, Change, Plan, Rollout, Settings, Strategy};
use oorandom::Rand64;
use tokio::runtime::Builder;
use tokio::time::{Instant, sleep};

/// Of a thousand clusters, so many are busy at the first try.
const BUSY: u64 = 10;
/// Of a thousand clusters, so many reject a bad change.
const REJECTING: u64 = 300;
/// A rollout of a bad change stops after so many failures.
pub(crate) const BUDGET: u64 = 5;
/// With it, the first cluster, the canary, accepts the bad change.
const SEED: u128 = 1;

/// What is rolled out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Every cluster accepts it, a few of them at the second try.
    Good,
    /// Nearly a third of the clusters reject it.
    Bad,
}

/// Why a cluster fails.
#[derive(Debug)]
pub(crate) enum Refusal {
    Busy,
    Rejected,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Refusal::Busy => "busy",
            Refusal::Rejected => "rejected",
        })
    }
}

impl Error for Refusal {}

impl ApplyError for Refusal {
    fn is_transient(&self) -> bool {
        matches!(self, Refusal::Busy)
    }
}

/// Clusters that take 1 to 3 s for each try.
pub(crate) struct Simulated {
    kind: Kind,
    /// Whether each cluster was tried before.
    tried: Vec<AtomicBool>,
}

impl Simulated {
    pub(crate) fn new(clusters: usize, kind: Kind) -> Arc<Simulated> {
        let tried = (0..clusters).map(|_| AtomicBool::new(false)).collect();
        Arc::new(Simulated { kind, tried })
    }

    /// Applies the change to a cluster.
    pub(crate) async fn apply(self: Arc<Self>, cluster: usize) -> Result<Change, Refusal> {
        let mut random = Rand64::new(SEED << 64 | cluster as u128);
        let length = Duration::from_millis(random.rand_range(1_000..3_001));
        let chance = random.rand_range(0..1_000);
        sleep(length).await;
        // Relaxed: only the tries of this cluster use it, one after another.
        let tried = self.tried[cluster].swap(true, Relaxed);
        match self.kind {
            Kind::Good if chance < BUSY && !tried => Err(Refusal::Busy),
            Kind::Bad if chance < REJECTING => Err(Refusal::Rejected),
            _ => Ok(Change::Applied),
        }
    }
}

/// Rolls out in virtual time. Returns how long it took there.
pub(crate) fn rolled_out(
    strategy: Strategy,
    clusters: usize,
    limit: usize,
    kind: Kind,
) -> (Rollout<usize, Refusal>, Duration) {
    let budget = match kind {
        Kind::Good => Budget::Unlimited,
        Kind::Bad => Budget::clusters(BUDGET).expect("it isn't 0"),
    };
    let settings = Settings {
        limit,
        budget,
        cluster_deadline: Some(Duration::from_secs(60)),
        ..Settings::default()
    };
    let plan = Plan::new(settings).expect("the settings make sense");
    let simulated = Simulated::new(clusters, kind);
    in_virtual_time(
        strategy.deploy((0..clusters).collect(), plan, move |cluster| {
            simulated.clone().apply(cluster)
        }),
    )
}

/// Runs a future on the paused clock. Returns how long it took there.
pub(crate) fn in_virtual_time<T>(future: impl Future<Output = T>) -> (T, Duration) {
    let runtime = Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime without I/O needs nothing from the system");
    runtime.block_on(async {
        let start = Instant::now();
        let output = future.await;
        (output, start.elapsed())
    })
}
