//! What can be hibernated, what is hibernated, and what all of it together is called.

use hibernation::{ANNOTATION, Answer, Cause, Counts, Failure, Reason, Status, Tally, error_as_no};
use kube::core::{ApiResource, DynamicObject};
use proptest::prelude::*;
use serde_json::{Value, json};

fn kind(api_version: &str, kind: &str) -> ApiResource {
    let (group, version) = api_version.rsplit_once('/').unwrap_or(("", api_version));
    ApiResource {
        group: group.to_owned(),
        version: version.to_owned(),
        api_version: api_version.to_owned(),
        kind: kind.to_owned(),
        plural: format!("{}s", kind.to_lowercase()),
    }
}

fn object(fields: Value) -> DynamicObject {
    serde_json::from_value(fields).unwrap()
}

/// Returns what a Deployment with these replicas and this annotation is.
fn deployment(replicas: Value, annotation: Option<&str>) -> Answer {
    let annotations = annotation.map(|value| json!({ ANNOTATION: value }));
    let metadata = json!({"name": "cart", "annotations": annotations});
    let fields = json!({"metadata": metadata, "spec": {"replicas": replicas}});
    Answer::of(&kind("apps/v1", "Deployment"), &object(fields))
}

fn unknown() -> Answer {
    Answer::Unknown(Failure {
        cause: Cause::Deadline,
        tries: 0,
    })
}

#[test]
fn a_workload_is_hibernated_at_0_with_the_annotation() {
    assert_eq!(
        deployment(json!(0), Some("3")),
        Answer::Hibernated { replicas: 3 }
    );
    assert_eq!(
        deployment(json!(3), Some("3")),
        Answer::Running { replicas: 3 }
    );
    assert_eq!(deployment(json!(2), None), Answer::Running { replicas: 2 });
}

#[test]
fn a_workload_at_0_without_a_number_to_return_to_is_not_hibernated() {
    for annotation in [None, Some("0"), Some("-1"), Some("three"), Some("")] {
        assert_eq!(
            deployment(json!(0), annotation),
            Answer::Running { replicas: 0 }
        );
    }
}

#[test]
fn replicas_that_are_not_said_are_1() {
    assert_eq!(
        deployment(Value::Null, Some("3")),
        Answer::Running { replicas: 1 }
    );
}

#[test]
fn each_built_in_kind_with_replicas_has_1_if_it_does_not_say() {
    for (api_version, name) in [
        ("apps/v1", "Deployment"),
        ("apps/v1", "StatefulSet"),
        ("apps/v1", "ReplicaSet"),
        ("v1", "ReplicationController"),
    ] {
        let object = object(json!({"metadata": {"name": "x"}, "spec": {}}));
        let answer = Answer::of(&kind(api_version, name), &object);
        assert_eq!(answer, Answer::Running { replicas: 1 }, "{name}");
    }
}

/// A custom kind may have any number. It isn't at 0.
#[test]
fn more_replicas_than_fit_are_running() {
    let more = json!(u64::from(u32::MAX) + 1);
    assert_eq!(
        deployment(more, Some("3")),
        Answer::Running { replicas: u32::MAX }
    );
}

#[test]
fn a_kind_without_replicas_cannot_be_hibernated() {
    for (api_version, name, spec) in [
        ("apps/v1", "DaemonSet", json!({"selector": {}})),
        ("batch/v1", "CronJob", json!({"schedule": "@daily"})),
        ("v1", "ConfigMap", Value::Null),
    ] {
        let object = object(json!({"metadata": {"name": "x"}, "spec": spec}));
        let answer = Answer::of(&kind(api_version, name), &object);
        assert_eq!(answer, Answer::CannotBe(Reason::NoReplicas), "{name}");
    }
}

#[test]
fn any_kind_with_replicas_can_be_hibernated() {
    let object = object(json!({"metadata": {"name": "x"}, "spec": {"replicas": 2}}));
    let answer = Answer::of(&kind("argoproj.io/v1alpha1", "Rollout"), &object);
    assert_eq!(answer, Answer::Running { replicas: 2 });
}

#[test]
fn what_a_controller_owns_cannot_be_hibernated() {
    let owned = |controller: bool| {
        let owner = json!({"apiVersion": "apps/v1", "kind": "Deployment", "name": "cart", "uid": "1", "controller": controller});
        let metadata = json!({"name": "cart-7d9", "ownerReferences": [owner]});
        let object = object(json!({"metadata": metadata, "spec": {"replicas": 2}}));
        Answer::of(&kind("apps/v1", "ReplicaSet"), &object)
    };
    let by = "Deployment cart".to_owned();
    assert_eq!(owned(true), Answer::CannotBe(Reason::Owned { by }));
    assert_eq!(owned(false), Answer::Running { replicas: 2 });
}

#[test]
fn the_talks_counts_are_partially_hibernated() {
    let counts = Counts {
        can_be_hibernated: 85,
        hibernated: 42,
        unknown: 0,
    };
    assert_eq!(counts.status(), Status::PartiallyHibernated);
    assert_eq!(counts.to_string(), "42 of 85 are hibernated");
}

/// In production: one workload is hibernated, and the call for the other one fails.
#[test]
fn an_error_that_counts_as_a_no_makes_a_status_that_nobody_knows() {
    let answers = [Answer::Hibernated { replicas: 3 }, unknown()];
    let broken: Counts = answers.iter().map(error_as_no::counts).sum();
    assert_eq!(broken.to_string(), "1 of 1 are hibernated");
    assert_eq!(broken.status(), Status::Hibernating);
    let fixed: Counts = answers.iter().map(Answer::counts).sum();
    assert_eq!(fixed.to_string(), "1 of 1 are hibernated, 1 are unknown");
    assert_eq!(fixed.status(), Status::Unknown);
}

fn counted() -> impl Strategy<Value = Counts> {
    prop_oneof![
        Just(Counts::NONE),
        Just(Counts::RUNNING),
        Just(Counts::HIBERNATED),
        Just(Counts::UNKNOWN),
    ]
}

proptest! {
    /// The status is unknown exactly if two ways to fill in what is unknown differ in it.
    #[test]
    fn the_status_is_unknown_exactly_if_the_unknown_could_change_it(
        counted in proptest::collection::vec(counted(), 0..12),
    ) {
        let sum: Counts = counted.into_iter().sum();
        let known = Counts { unknown: 0, ..sum };
        let mut worlds = vec![known];
        for _ in 0..sum.unknown {
            let more = [Counts::NONE, Counts::RUNNING, Counts::HIBERNATED];
            worlds = worlds.iter().flat_map(|world| more.map(|more| *world + more)).collect();
            worlds.sort();
            worlds.dedup();
        }
        let first = worlds[0].status();
        let same = worlds.iter().all(|world| world.status() == first);
        prop_assert_eq!(sum.status(), if same { first } else { Status::Unknown });
    }

    /// Whatever the order, and on any threads.
    #[test]
    fn a_tally_has_the_sum(counted in proptest::collection::vec(counted(), 0..200)) {
        let tally = Tally::new();
        std::thread::scope(|scope| {
            for part in counted.chunks(50) {
                let tally = &tally;
                scope.spawn(move || part.iter().for_each(|more| tally.add(*more)));
            }
        });
        prop_assert_eq!(tally.counts(), counted.into_iter().sum());
    }
}

#[test]
fn a_tally_counts_two_million_resources() {
    let tally = Tally::new();
    let most = |part| Counts {
        can_be_hibernated: part,
        hibernated: part,
        unknown: part,
    };
    tally.add(most(Tally::MOST - 1));
    tally.add(most(1));
    assert_eq!(tally.counts(), most(2_097_151));
}
