//! Draws the timelines of the strategies, from rollouts through real clients in virtual time.

use std::time::Duration;

use apiserver::{Fault, Faults, When};
use deploy::{Budget, Kind, Plan, Rollout, Settings, Strategy};
use diagram::{Bar, Gantt, Row, assert_snapshot};
use timeline::{Recording, record};

mod drawn;
mod servers;

use drawn::{Named, bars, of_clusters};
use servers::{LATENCY, Refused, Server, apply, servers, version};

type Deployed = Rollout<Server, Refused>;

impl Named for Server {
    fn name(&self) -> &str {
        &self.name
    }
}

/// Records a rollout, each try as a span with the cluster's name.
async fn recorded(
    strategy: Strategy,
    clusters: Vec<Server>,
    settings: Settings,
) -> (Recording, Deployed) {
    let mut rollout = None;
    let recording = record(async |timeline| {
        let apply = move |cluster: Server| {
            let name = cluster.name.clone();
            timeline.span(name, apply(cluster))
        };
        let plan = Plan::new(settings).unwrap();
        rollout = Some(strategy.deploy(clusters, plan, apply).await);
    });
    (recording.await, rollout.expect("the rollout has ended"))
}

/// A row for each set of clusters that began when the set before it had ended, as the talk draws them.
fn of_groups(recording: &Recording, rollout: &Deployed, what: &str, sizes: &[usize]) -> Gantt {
    let mut rows = Vec::new();
    let mut first = 1;
    for (number, size) in (1..).zip(sizes) {
        let last = first + size - 1;
        let bars: Vec<Bar> = (first..=last)
            .flat_map(|cluster| bars(recording, &format!("C{cluster}")))
            .collect();
        let start = bars.iter().map(|bar| bar.start_ms).reduce(f64::min);
        let end = bars.iter().map(|bar| bar.end_ms).reduce(f64::max);
        let clusters = match size {
            1 => format!("C{first}"),
            _ => format!("C{first}-C{last}"),
        };
        let label = Some(clusters);
        let bar = Bar {
            label,
            ..Bar::finished(start.unwrap(), end.unwrap())
        };
        rows.push(Row::Bars {
            label: format!("{what} {number}"),
            bars: vec![bar],
        });
        first = last + 1;
    }
    assert_eq!(first, rollout.outcomes.len() + 1);
    let in_flight = recording.most_in_flight();
    Gantt {
        rows,
        notes: vec![
            format!("Most clusters in flight: {in_flight}"),
            rollout.counts().to_string(),
        ],
        ..Gantt::default()
    }
}

/// Records the talk's rollout: 50 clusters, each with one call of 2 s. Returns the seconds, too.
async fn of_the_talk(strategy: Strategy) -> (Recording, Deployed, f64) {
    let clusters = servers(50, |_| Faults::latency(LATENCY));
    let (recording, rollout) = recorded(strategy, clusters, Settings::default()).await;
    assert_eq!(rollout.counts().of(Kind::Applied), 50);
    for (number, (cluster, _)) in (1..).zip(&rollout.outcomes) {
        assert_eq!(cluster.name, format!("C{number}"));
        assert_eq!(cluster.server.requests().total(), 1);
        assert_eq!(version(cluster).await.as_deref(), Some("2"));
    }
    let total = recording.total_ms;
    (recording, rollout, total / 1_000.0)
}

#[tokio::test(start_paused = true)]
async fn fifty_clusters_one_after_another_take_100_s() {
    let (recording, rollout, took) = of_the_talk(Strategy::Sequential).await;
    assert_eq!((took, recording.most_in_flight()), (100.0, 1));
    assert_snapshot!("sequential", of_clusters(&recording, &rollout).elide(5, 2));
}

#[tokio::test(start_paused = true)]
async fn fifty_clusters_in_batches_of_ten_take_10_s() {
    let (recording, rollout, took) = of_the_talk(Strategy::Batches).await;
    assert_eq!((took, recording.most_in_flight()), (10.0, 10));
    assert_snapshot!(
        "batches",
        of_groups(&recording, &rollout, "Batch", &[10; 5])
    );
}

#[tokio::test(start_paused = true)]
async fn fifty_clusters_through_a_window_of_ten_take_10_s() {
    let (recording, _, took) = of_the_talk(Strategy::Window).await;
    assert_eq!((took, recording.most_in_flight()), (10.0, 10));
}

#[tokio::test(start_paused = true)]
async fn fifty_clusters_in_waves_take_16_s() {
    let (recording, rollout, took) = of_the_talk(Strategy::Waves).await;
    assert_eq!((took, recording.most_in_flight()), (16.0, 10));
    let sizes = [1, 2, 4, 8, 16, 19];
    assert_snapshot!("waves", of_groups(&recording, &rollout, "Wave", &sizes));
}

/// Whatever the budget: the canary is enough.
#[tokio::test(start_paused = true)]
async fn a_canary_that_fails_stops_the_rollout() {
    let faults = |index| match index {
        0 => Faults::latency(LATENCY).with(Fault::Error(501), When::Always),
        _ => Faults::latency(LATENCY),
    };
    let (recording, rollout) =
        recorded(Strategy::Waves, servers(50, faults), Settings::default()).await;
    assert_eq!((rollout.reached(), rollout.failures()), (1, 1));
    assert_eq!(recording.total_ms, 2_000.0);
    assert_snapshot!("canary", of_clusters(&recording, &rollout).elide(4, 1));
}

/// A cluster takes 1 to 3 s, from a seed.
fn uneven(index: usize) -> Faults {
    Faults {
        latency: Duration::from_secs(1)..=Duration::from_secs(3),
        seed: index as u64,
        ..Faults::default()
    }
}

/// Three clusters fail, one hangs, and one is changed by the second try.
#[tokio::test(start_paused = true)]
async fn a_budget_that_is_spent_stops_the_rollout() {
    let faults = |index| match index {
        2 | 7 | 11 => uneven(index).with(Fault::Error(501), When::Always),
        4 => uneven(index).with(Fault::Hang, When::Always),
        8 => uneven(index).with(Fault::Error(503), When::Tries(1..=1)),
        _ => uneven(index),
    };
    let settings = Settings {
        limit: 5,
        budget: Budget::clusters(3).unwrap(),
        cluster_deadline: Some(Duration::from_secs(6)),
        ..Settings::default()
    };
    let (recording, rollout) = recorded(Strategy::Window, servers(20, faults), settings).await;
    assert_snapshot!("budget", of_clusters(&recording, &rollout));
    assert!(rollout.reached() < 20);
}

/// Two clusters are busy at first, one hangs, one never accepts the change, and one loses the answer of the first try.
#[tokio::test(start_paused = true)]
async fn faults_of_the_servers_are_outcomes() {
    let faults = |index| {
        let latency = Faults::latency(LATENCY);
        match index {
            0 | 1 => latency.with(Fault::Error(503), When::Tries(1..=2)),
            2 => latency.with(Fault::Hang, When::Always),
            3 => latency.with(Fault::Error(501), When::Always),
            4 => latency.with(Fault::Lost, When::Tries(1..=1)),
            _ => latency,
        }
    };
    let settings = Settings {
        cluster_deadline: Some(LATENCY * 10),
        ..Settings::default()
    };
    let (_, rollout) = recorded(Strategy::Window, servers(6, faults), settings).await;
    let words: Vec<String> = rollout
        .outcomes
        .iter()
        .map(|(cluster, outcome)| format!("{} {outcome}", cluster.name))
        .collect();
    let expected = [
        "C1 applied (3 tries)",
        "C2 applied (3 tries)",
        "C3 timed out",
        "C4 failed: 501 InternalError",
        "C5 applied (2 tries)",
        "C6 applied",
    ];
    assert_eq!(words, expected);
}
