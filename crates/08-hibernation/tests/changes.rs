//! Hibernating and waking: twice is as good as once, an interrupted run is completed by the next, and every outcome is
//! reported.

use std::time::Duration;

use apiserver::{Fault, Faults, Rule, When};
use hibernation::{
    ANNOTATION, Answer, Change, Limits, Resource, Status, hibernate, listed, wake, window,
};
use kube::Client;
use kube::api::{Api, DynamicObject, Patch, PatchParams};
use proptest::prelude::*;
use serde_json::json;

mod talk;

use talk::{LATENCY, LIMITS, resources};

/// The replicas and the annotation of every workload.
async fn state(client: &Client) -> Vec<(String, Option<u64>, Option<String>)> {
    let mut state = Vec::new();
    for resource in resources() {
        let object = get(client, &resource).await;
        let replicas = object
            .data
            .pointer("/spec/replicas")
            .and_then(|it| it.as_u64());
        let annotations = object.metadata.annotations.unwrap_or_default();
        state.push((
            resource.to_string(),
            replicas,
            annotations.get(ANNOTATION).cloned(),
        ));
    }
    state
}

fn api(client: &Client, resource: &Resource) -> Api<DynamicObject> {
    Api::namespaced_with(client.clone(), "talk", &resource.kind)
}

async fn get(client: &Client, resource: &Resource) -> DynamicObject {
    api(client, resource).get(&resource.name).await.unwrap()
}

/// How many resources were scaled, tidied, unchanged, and failed.
fn summary(changes: &[(Resource, Change)]) -> [usize; 4] {
    let order: Vec<_> = changes
        .iter()
        .map(|(resource, _)| resource.clone())
        .collect();
    assert_eq!(order, resources());
    let mut counts = [0; 4];
    for (_, change) in changes {
        counts[match change {
            Change::Scaled { .. } => 0,
            Change::Tidied => 1,
            Change::Unchanged(_) => 2,
            Change::Failed(_) => 3,
        }] += 1;
    }
    counts
}

async fn status(client: &Client) -> (u64, Status) {
    let report = listed::check(client, &resources(), LIMITS).await;
    (report.hibernated(), report.status())
}

/// Of the talk's 85, 42 are hibernated, and 3 are at 0 because somebody scaled them by hand.
#[tokio::test(start_paused = true)]
async fn what_runs_is_hibernated_and_twice_changes_nothing() {
    let (_, client) = talk::cluster(Faults::default());
    assert_eq!(
        summary(&hibernate(&client, &resources(), LIMITS).await),
        [40, 0, 60, 0]
    );
    assert_eq!(status(&client).await, (82, Status::PartiallyHibernated));
    let after = state(&client).await;
    assert_eq!(
        summary(&hibernate(&client, &resources(), LIMITS).await),
        [0, 0, 100, 0]
    );
    assert_eq!(state(&client).await, after);
}

#[tokio::test(start_paused = true)]
async fn what_is_hibernated_wakes_with_the_replicas_that_it_had() {
    let (cluster, client) = talk::cluster(Faults::default());
    // One is tidied: a run was interrupted after it had written the annotation.
    assert_eq!(
        summary(&wake(&client, &resources(), LIMITS).await),
        [42, 1, 57, 0]
    );
    assert_eq!(status(&client).await, (0, Status::Running));
    let woken = state(&client).await;
    assert!(
        woken
            .iter()
            .all(|(name, replicas, annotation)| match annotation {
                None => true,
                // What a Deployment owns is left alone.
                Some(_) => name.contains("5d59d67564") && *replicas == Some(0),
            })
    );
    cluster.reset_requests();
    assert_eq!(
        summary(&wake(&client, &resources(), LIMITS).await),
        [0, 0, 100, 0]
    );
    // It only looked.
    assert_eq!(cluster.requests().total(), 100);
    assert_eq!(state(&client).await, woken);
}

#[tokio::test(start_paused = true)]
async fn what_is_hibernated_and_woken_is_as_it_was() {
    let (_, client) = talk::cluster(Faults::default());
    wake(&client, &resources(), LIMITS).await;
    let before = state(&client).await;
    hibernate(&client, &resources(), LIMITS).await;
    assert_ne!(state(&client).await, before);
    wake(&client, &resources(), LIMITS).await;
    assert_eq!(state(&client).await, before);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_hibernated_is_not_touched() {
    let (cluster, client) = talk::cluster(Faults::default());
    let cannot: Vec<Resource> = resources().split_off(85);
    for (resource, change) in hibernate(&client, &cannot, LIMITS).await {
        assert!(
            matches!(change, Change::Unchanged(Answer::CannotBe(_))),
            "{resource}: {change}"
        );
    }
    assert_eq!(cluster.requests().total(), 15);
}

fn only(path: &str, fault: Fault, when: When) -> Faults {
    let path = path.to_owned();
    Faults {
        rules: vec![Rule {
            fault,
            when,
            method: None,
            path,
        }],
        ..Faults::default()
    }
}

/// The process dies between the two writes, for every workload. The next run completes the first.
#[tokio::test(start_paused = true)]
async fn a_stop_between_the_annotation_and_the_scale_is_repaired() {
    let (_, client) = talk::cluster(only("/scale", Fault::Hang, When::Tries(1..=1)));
    let limits = Limits {
        in_flight: 100.try_into().unwrap(),
        ..LIMITS
    };
    let (before, all) = (state(&client).await, resources());
    // Dropped while all of the scale calls hang.
    let stopped = hibernate(&client, &all, limits);
    tokio::time::timeout(Duration::from_secs(1), stopped)
        .await
        .unwrap_err();
    let between = state(&client).await;
    let noted = |state: &[(String, Option<u64>, Option<String>)]| {
        state
            .iter()
            .filter(|(_, replicas, noted)| *replicas > Some(0) && noted.is_some())
            .count()
    };
    assert_eq!((noted(&before), noted(&between)), (1, 40));
    assert_eq!(status(&client).await.0, 42, "nothing was scaled");
    assert_eq!(
        summary(&hibernate(&client, &all, limits).await),
        [40, 0, 60, 0]
    );
    assert_eq!(status(&client).await.0, 82);
}

/// The process dies after the scale, for every workload.
#[tokio::test(start_paused = true)]
async fn a_stop_between_the_scale_and_the_removal_of_the_annotation_is_repaired() {
    let (_, client) = talk::cluster(Faults::default());
    let all = resources();
    // What such a stop leaves behind.
    for resource in &all[..5] {
        let scale = json!({"spec": {"replicas": 2}});
        let patch = api(&client, resource);
        patch
            .patch_scale(
                &resource.name,
                &PatchParams::default(),
                &Patch::Merge(&scale),
            )
            .await
            .unwrap();
    }
    let changes = wake(&client, &all, LIMITS).await;
    assert!(
        changes[..5]
            .iter()
            .all(|(_, change)| *change == Change::Tidied)
    );
    assert_eq!(summary(&changes), [37, 6, 57, 0]);
    assert_eq!(summary(&wake(&client, &all, LIMITS).await), [0, 0, 100, 0]);
}

/// The write lands, but its answer is lost: the workload was scaled, and is reported so.
#[tokio::test(start_paused = true)]
async fn a_lost_answer_is_not_a_lost_change() {
    for path in ["/scale", ""] {
        let (_, client) = talk::cluster(only(path, Fault::Lost, When::Tries(1..=1)));
        assert_eq!(
            summary(&hibernate(&client, &resources(), LIMITS).await),
            [40, 0, 60, 0],
            "{path}"
        );
        let (_, client) = talk::cluster(only(path, Fault::Lost, When::Tries(1..=1)));
        assert_eq!(
            summary(&wake(&client, &resources(), LIMITS).await),
            [42, 1, 57, 0],
            "{path}"
        );
    }
}

/// Somebody scales the workload before one of our writes: the annotation has the newer number.
#[tokio::test(start_paused = true)]
async fn a_change_of_somebody_else_is_not_overwritten() {
    let slow = Fault::Slow(Duration::from_millis(200));
    for (path, then) in [
        // The first read arrives at 200 ms, and the first write at 400 ms.
        ("/web-40", 300),
        // The annotation arrives at once, and the scale at 200 ms.
        ("/web-40/scale", 100),
    ] {
        let (_, client) = talk::cluster(only(path, slow, When::Tries(1..=1)));
        let mut all = resources().into_iter();
        let web = all.find(|it| it.name == "web-40").unwrap();
        let one = std::slice::from_ref(&web);
        let mut hibernating = std::pin::pin!(hibernate(&client, one, LIMITS));
        let before = tokio::time::timeout(Duration::from_millis(then), &mut hibernating);
        assert!(before.await.is_err());
        let scale = Patch::Merge(json!({"spec": {"replicas": 7}}));
        let (other, parameters) = (api(&client, &web), PatchParams::default());
        let scaled = other.patch_scale(&web.name, &parameters, &scale).await;
        scaled.unwrap();
        let change = &hibernating.await[0].1;
        assert_eq!(*change, Change::Scaled { from: 7, to: 0 }, "{path}");
        let change = &wake(&client, one, LIMITS).await[0].1;
        assert_eq!(*change, Change::Scaled { from: 0, to: 7 }, "{path}");
    }
}

/// A workload whose calls fail says so, and the others are changed.
#[tokio::test(start_paused = true)]
async fn every_failure_is_reported() {
    let (_, client) = talk::cluster(only("/web-40/scale", Fault::Error(500), When::Always));
    let changes = hibernate(&client, &resources(), LIMITS).await;
    assert_eq!(summary(&changes), [39, 0, 60, 1]);
    let failed = changes
        .iter()
        .find(|(_, change)| matches!(change, Change::Failed(_)));
    let (resource, change) = failed.unwrap();
    assert_eq!(resource.name, "web-40");
    let words = "failed: 500 the server was told to fail: 500 Internal Server Error (5 tries)";
    assert_eq!(change.to_string(), words);
    // Its annotation is there: the next run can complete it, and it counts as running.
    assert_eq!(status(&client).await.0, 81);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    /// Whatever fails, and wherever a run is stopped: the next run without faults ends where an undisturbed one does.
    #[test]
    fn any_interrupted_run_is_completed_by_the_next(
        seed in any::<u64>(),
        stopped_after in 0..1_500u64,
        hibernates in any::<bool>(),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .unwrap();
        runtime.block_on(async {
            let some: Vec<Resource> = resources().into_iter().step_by(7).collect();
            let run = async |client: &Client| match hibernates {
                true => hibernate(client, &some, LIMITS).await,
                false => wake(client, &some, LIMITS).await,
            };
            let (_, undisturbed) = talk::cluster(Faults::default());
            run(&undisturbed).await;
            let mut faults = Faults::latency(LATENCY);
            faults.seed = seed;
            for fault in [Fault::Lost, Fault::Reset, Fault::Truncated, Fault::Error(503)] {
                faults = faults.with(fault, When::Percent(10.0));
            }
            let (_, client) = talk::cluster(faults);
            let stopped = tokio::time::timeout(Duration::from_millis(stopped_after), run(&client));
            let _ = stopped.await;
            // A call may fail five times in a row, and with it a change or a check. Each call of these loops gets further.
            let failed = |(_, change): &(Resource, Change)| matches!(change, Change::Failed(_));
            while run(&client).await.iter().any(failed) {}
            let expected = window::check(&undisturbed, &some, LIMITS).await.answers;
            let found = loop {
                let report = window::check(&client, &some, LIMITS).await;
                if report.unknown().count() == 0 {
                    break report.answers;
                }
            };
            assert_eq!(found, expected);
        });
    }
}
