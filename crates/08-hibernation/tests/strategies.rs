//! The talk's figures, through a real client and the server's own code, in virtual time.

use std::sync::Arc;
use std::time::Duration;

use apiserver::{Cluster, Faults};
use hibernation::watched::Watch;
use hibernation::{Answer, Counts, Report, Status, Strategy, find};
use kube::Client;
use kube::core::DynamicObject;
use tokio::time::Instant;

mod talk;

use talk::{LATENCY, LIMITS, resources};

/// Checks the talk's resources. Returns what was found, and how long it took.
async fn check(strategy: Strategy, client: &Client) -> (Report, Duration) {
    let start = Instant::now();
    let report = strategy
        .check(client, &resources(), LIMITS, Arc::default())
        .await;
    (report, start.elapsed())
}

fn assert_is_the_talks(report: &Report) {
    assert_eq!(report.answers.len(), 100);
    assert_eq!((report.can_be_hibernated(), report.hibernated()), (85, 42));
    assert_eq!(report.unknown().count(), 0);
    assert_eq!(report.status(), Status::PartiallyHibernated);
    let sum: Counts = report
        .answers
        .iter()
        .map(|(_, answer)| answer.counts())
        .sum();
    assert_eq!(report.counts, sum);
    let order: Vec<_> = report
        .answers
        .iter()
        .map(|(resource, _)| resource.clone())
        .collect();
    assert_eq!(order, resources());
}

/// Checks by one strategy. Returns the milliseconds, the requests and the most of them in flight.
async fn figures(strategy: Strategy) -> (u128, u64, u64) {
    let (cluster, client) = talk::cluster(Faults::latency(LATENCY));
    let (report, took) = check(strategy, &client).await;
    assert_is_the_talks(&report);
    let requests = cluster.requests();
    assert_eq!(report.tries, requests.total());
    assert_eq!(took.as_micros() % 1_000, 0, "to the millisecond");
    (
        took.as_millis(),
        requests.total(),
        requests.most_in_flight(),
    )
}

#[tokio::test(start_paused = true)]
async fn sequential_takes_5000_ms() {
    assert_eq!(figures(Strategy::Sequential).await, (5_000, 100, 1));
}

#[tokio::test(start_paused = true)]
async fn batches_take_500_ms() {
    assert_eq!(figures(Strategy::Batches).await, (500, 100, 10));
}

#[tokio::test(start_paused = true)]
async fn a_window_takes_500_ms() {
    assert_eq!(figures(Strategy::Window).await, (500, 100, 10));
}

#[tokio::test(start_paused = true)]
async fn six_lists_at_once_take_50_ms() {
    assert_eq!(figures(Strategy::Listed).await, (50, 6, 6));
}

#[tokio::test(start_paused = true)]
async fn a_cold_watch_takes_as_long_as_the_lists_and_sends_the_watches_too() {
    assert_eq!(figures(Strategy::Watched).await, (50, 12, 6));
}

/// Waits until the server has this many requests.
async fn requests(cluster: &Cluster, count: u64) {
    let waited = async {
        while cluster.requests().total() < count {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    let deadline = Duration::from_secs(60);
    tokio::time::timeout(deadline, waited)
        .await
        .expect("the requests come");
}

#[tokio::test(start_paused = true)]
async fn a_warm_watch_takes_no_time_and_no_request() {
    let (cluster, client) = talk::cluster(Faults::latency(LATENCY));
    let resources = resources();
    let watch = Watch::start(&client, &resources);
    let cold = watch.check(&resources, LIMITS).await;
    assert_is_the_talks(&cold);
    requests(&cluster, 12).await;
    let (start, before) = (Instant::now(), cluster.requests().total());
    let warm = watch.check(&resources, LIMITS).await;
    assert_is_the_talks(&warm);
    assert_eq!(start.elapsed(), Duration::ZERO);
    assert_eq!(cluster.requests().total(), before);
    assert_eq!((cold.tries, warm.tries), (12, 0));
}

#[tokio::test(start_paused = true)]
async fn a_warm_watch_sees_what_changes() {
    let (cluster, client) = talk::cluster(Faults::default());
    let resources = resources();
    let watch = Watch::start(&client, &resources);
    watch.check(&resources, LIMITS).await;
    requests(&cluster, 12).await;
    let woken = hibernation::wake(&client, &resources, LIMITS).await;
    assert_eq!(woken.len(), 100);
    let seen = async {
        while watch.check(&resources, LIMITS).await.status() != Status::Running {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    let deadline = Duration::from_secs(60);
    tokio::time::timeout(deadline, seen)
        .await
        .expect("the events come");
}

#[tokio::test(start_paused = true)]
async fn the_resources_are_found_by_namespace_and_label() {
    let (_, client) = talk::cluster(Faults::default());
    let scope = hibernation::Scope::of_the_talk();
    let all = find(&client, &scope, LIMITS).await.unwrap();
    assert_eq!(all.len(), 100);
    let in_talk = hibernation::Scope {
        namespace: Some("talk".to_owned()),
        selector: Some("app=web-01".to_owned()),
        ..scope.clone()
    };
    let found = find(&client, &in_talk, LIMITS).await.unwrap();
    let names: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert_eq!(names, ["Deployment talk/web-01"]);
    let elsewhere = hibernation::Scope {
        namespace: Some("default".to_owned()),
        ..scope
    };
    assert_eq!(find(&client, &elsewhere, LIMITS).await, Ok(vec![]));
}

#[tokio::test(start_paused = true)]
async fn no_resources_are_running() {
    let (cluster, client) = talk::cluster(Faults::default());
    for strategy in Strategy::ALL {
        let report = strategy.check(&client, &[], LIMITS, Arc::default()).await;
        assert_eq!(
            (report.status(), report.answers.len()),
            (Status::Running, 0)
        );
    }
    assert_eq!(cluster.requests().total(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_resource_that_is_gone_cannot_be_hibernated_and_one_asked_for_twice_is_answered_twice() {
    let (_, client) = talk::cluster(Faults::default());
    let first = resources()[0].clone();
    let gone = hibernation::Resource {
        name: "no-such-name".to_owned(),
        ..first.clone()
    };
    let asked = [first.clone(), gone, first];
    for strategy in Strategy::ALL {
        let report = strategy
            .check(&client, &asked, LIMITS, Arc::default())
            .await;
        let answers: Vec<String> = report
            .answers
            .iter()
            .map(|(_, it)| it.to_string())
            .collect();
        let hibernated = "hibernated, replicas before: 2";
        let gone = "can't be hibernated: it doesn't exist";
        assert_eq!(answers, [hibernated, gone, hibernated], "{strategy}");
    }
}

/// The kinds alternate, and one name is in two namespaces.
#[tokio::test(start_paused = true)]
async fn the_answers_are_in_order_and_each_is_of_its_own_namespace() {
    let (_, client) = talk::cluster(Faults::default());
    let all = resources();
    let elsewhere = hibernation::Resource {
        namespace: Some("default".to_owned()),
        ..all[0].clone()
    };
    let object = serde_json::from_value(serde_json::json!({
        "metadata": {"name": elsewhere.name},
        "spec": {
            "replicas": 3,
            "selector": {"matchLabels": {"app": "x"}},
            "template": {
                "metadata": {"labels": {"app": "x"}},
                "spec": {"containers": [{"name": "x", "image": "x"}]},
            },
        },
    }));
    let api =
        kube::Api::<DynamicObject>::namespaced_with(client.clone(), "default", &elsewhere.kind);
    api.create(&Default::default(), &object.unwrap())
        .await
        .unwrap();
    let asked = [&all[0], &all[99], &elsewhere, &all[70], &all[1]].map(Clone::clone);
    for strategy in Strategy::ALL {
        let report = strategy
            .check(&client, &asked, LIMITS, Arc::default())
            .await;
        let (order, answers): (Vec<_>, Vec<_>) = report.answers.into_iter().unzip();
        assert_eq!(order, asked, "{strategy}");
        assert_eq!(answers[0], Answer::Hibernated { replicas: 2 }, "{strategy}");
        assert_eq!(answers[2], Answer::Running { replicas: 3 }, "{strategy}");
    }
}
