//! The talk's 100 resources: 85 that can be hibernated, 42 of them hibernated.
//!
//! | | number | at 0, annotated | at 0 | annotated, at 2 |
//! |---|---|---|---|---|
//! | Deployments | 58 | 30 | 2 | 1 |
//! | StatefulSets | 20 | 10 | 1 | |
//! | ReplicaSets without an owner | 7 | 2 | | |
//! | ReplicaSets that a Deployment owns | 5 | 1 | | |
//! | DaemonSets | 4 | | | |
//! | CronJobs | 3 | | | |
//! | ConfigMaps | 3 | | | |
//!
//! A workload can be hibernated if its kind has replicas and no controller owns it: 58 + 20 + 7 = 85. It is
//! hibernated if it has 0 replicas and the annotation that says how many it had: 30 + 10 + 2 = 42. Three workloads
//! were scaled to 0 by hand, and have no annotation. One Deployment has the annotation but runs: somebody was stopped
//! before scaling it.

use serde_json::{Value, json};

/// The Namespace that the 100 resources are in.
pub const NAMESPACE: &str = "talk";

/// The annotation of a hibernated workload: the number of replicas that it had.
pub const REPLICAS_ANNOTATION: &str = "hibernator.devtron.ai/replicas";

/// A workload's number of replicas, and the number that its annotation remembers.
#[derive(Clone, Copy)]
struct Replicas {
    now: u64,
    remembered: Option<u64>,
}

const HIBERNATED: Replicas = Replicas {
    now: 0,
    remembered: Some(2),
};
const SCALED_TO_ZERO: Replicas = Replicas {
    now: 0,
    remembered: None,
};
const STOPPED_BETWEEN: Replicas = Replicas {
    now: 2,
    remembered: Some(2),
};
const RUNNING: Replicas = Replicas {
    now: 2,
    remembered: None,
};

/// Returns the 100 resources, as a client would send them: Deployments, StatefulSets, ReplicaSets, DaemonSets,
/// CronJobs, ConfigMaps, each kind in the order of its names.
pub fn resources() -> Vec<Value> {
    let mut resources = Vec::new();
    let deployments = [
        (30, HIBERNATED),
        (2, SCALED_TO_ZERO),
        (1, STOPPED_BETWEEN),
        (25, RUNNING),
    ];
    for (name, replicas) in numbered("web", &deployments) {
        resources.push(workload("Deployment", &name, Some(replicas)));
    }
    let stateful_sets = [(10, HIBERNATED), (1, SCALED_TO_ZERO), (9, RUNNING)];
    for (name, replicas) in numbered("db", &stateful_sets) {
        let mut set = workload("StatefulSet", &name, Some(replicas));
        set["spec"]["serviceName"] = name.into();
        resources.push(set);
    }
    for (name, replicas) in numbered("batch", &[(2, HIBERNATED), (5, RUNNING)]) {
        resources.push(workload("ReplicaSet", &name, Some(replicas)));
    }
    for (owner, replicas) in numbered("web", &[(1, HIBERNATED), (4, RUNNING)]) {
        let mut set = workload("ReplicaSet", &format!("{owner}-5d59d67564"), Some(replicas));
        // The Deployment's uid isn't known before it is created; the server fills it in.
        set["metadata"]["ownerReferences"] = json!([{
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "name": owner,
            "uid": "",
            "controller": true,
            "blockOwnerDeletion": true,
        }]);
        resources.push(set);
    }
    for (name, _) in numbered("log", &[(4, RUNNING)]) {
        resources.push(workload("DaemonSet", &name, None));
    }
    for (name, _) in numbered("report", &[(3, RUNNING)]) {
        resources.push(json!({
            "apiVersion": "batch/v1",
            "kind": "CronJob",
            "metadata": metadata(&name),
            "spec": {
                "schedule": "0 4 * * *",
                "jobTemplate": { "spec": { "template": { "spec": {
                    "restartPolicy": "OnFailure",
                    "containers": [{ "name": "main", "image": "registry.example/report:1" }],
                } } } },
            },
        }));
    }
    for (name, _) in numbered("settings", &[(3, RUNNING)]) {
        resources.push(json!({
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": metadata(&name),
            "data": { "level": "info" },
        }));
    }
    resources
}

/// Names workloads: `web-01`, `web-02` and so on, so many of each sort.
fn numbered(prefix: &str, sorts: &[(usize, Replicas)]) -> impl Iterator<Item = (String, Replicas)> {
    let all = sorts
        .iter()
        .flat_map(|(number, sort)| std::iter::repeat_n(*sort, *number));
    all.enumerate()
        .map(move |(index, sort)| (format!("{prefix}-{:02}", index + 1), sort))
}

fn metadata(name: &str) -> Value {
    json!({ "name": name, "namespace": NAMESPACE, "labels": { "app": name } })
}

fn workload(kind: &str, name: &str, replicas: Option<Replicas>) -> Value {
    let mut workload = json!({
        "apiVersion": "apps/v1",
        "kind": kind,
        "metadata": metadata(name),
        "spec": {
            "selector": { "matchLabels": { "app": name } },
            "template": {
                "metadata": { "labels": { "app": name } },
                "spec": { "containers": [{ "name": "main", "image": "registry.example/main:1" }] },
            },
        },
    });
    if let Some(replicas) = replicas {
        workload["spec"]["replicas"] = replicas.now.into();
        if let Some(remembered) = replicas.remembered {
            // The keys of annotations are strings, and so are their values.
            workload["metadata"]["annotations"] =
                json!({ REPLICAS_ANNOTATION: remembered.to_string() });
        }
    }
    workload
}
