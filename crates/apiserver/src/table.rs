//! Tables: what `kubectl get` prints. The server chooses the columns and fills them in.

use k8s_openapi::jiff::Timestamp;
use serde_json::{Value, json};

use crate::answer::metadata_only;
use crate::kinds::Kind;

/// A column: its name, the type of its cells, whether only `-o wide` shows it, and the cell of an object.
struct Column(&'static str, &'static str, bool, fn(&Value) -> Value);

const NAME: Column = Column("Name", "string", false, |o| o["metadata"]["name"].clone());
const AGE: Column = Column("Age", "string", false, |o| {
    age(&o["metadata"]["creationTimestamp"])
});
const READY: Column = Column("Ready", "string", false, |o| {
    let ready = number(&o["status"]["readyReplicas"]);
    format!("{ready}/{}", number(&o["spec"]["replicas"])).into()
});
const CONTAINERS: Column = Column("Containers", "string", true, |o| containers(o, "name"));
const IMAGES: Column = Column("Images", "string", true, |o| containers(o, "image"));
const SELECTOR: Column = Column("Selector", "string", true, |o| {
    pairs(&o["spec"]["selector"]["matchLabels"])
});

/// The columns of a kind: those that Kubernetes has.
fn columns(kind: &str) -> Vec<Column> {
    let count = |name, get| Column(name, "integer", false, get);
    let text = |name, get| Column(name, "string", false, get);
    match kind {
        "Deployment" => vec![
            NAME,
            READY,
            count("Up-to-date", |o| {
                number(&o["status"]["updatedReplicas"]).into()
            }),
            count("Available", |o| {
                number(&o["status"]["availableReplicas"]).into()
            }),
            AGE,
            CONTAINERS,
            IMAGES,
            SELECTOR,
        ],
        "StatefulSet" => vec![NAME, READY, AGE, CONTAINERS, IMAGES],
        "ReplicaSet" => vec![
            NAME,
            count("Desired", |o| number(&o["spec"]["replicas"]).into()),
            count("Current", |o| number(&o["status"]["replicas"]).into()),
            count("Ready", |o| number(&o["status"]["readyReplicas"]).into()),
            AGE,
            CONTAINERS,
            IMAGES,
            SELECTOR,
        ],
        "DaemonSet" => vec![
            NAME,
            count("Desired", |o| {
                number(&o["status"]["desiredNumberScheduled"]).into()
            }),
            count("Current", |o| {
                number(&o["status"]["currentNumberScheduled"]).into()
            }),
            count("Ready", |o| number(&o["status"]["numberReady"]).into()),
            count("Up-to-date", |o| {
                number(&o["status"]["updatedNumberScheduled"]).into()
            }),
            count("Available", |o| {
                number(&o["status"]["numberAvailable"]).into()
            }),
            text("Node Selector", |o| {
                pairs(&o["spec"]["template"]["spec"]["nodeSelector"])
            }),
            AGE,
            CONTAINERS,
            IMAGES,
            SELECTOR,
        ],
        "CronJob" => vec![
            NAME,
            text("Schedule", |o| o["spec"]["schedule"].clone()),
            text("Timezone", |o| {
                o["spec"]["timeZone"].as_str().unwrap_or("<none>").into()
            }),
            text("Suspend", |o| match o["spec"]["suspend"] == true {
                true => "True".into(),
                false => "False".into(),
            }),
            count("Active", |o| {
                o["status"]["active"].as_array().map_or(0, Vec::len).into()
            }),
            text(
                "Last Schedule",
                |o| match &o["status"]["lastScheduleTime"] {
                    Value::Null => "<none>".into(),
                    time => age(time),
                },
            ),
            AGE,
            CONTAINERS,
            IMAGES,
        ],
        "ConfigMap" => vec![
            NAME,
            count("Data", |o| {
                let length = |field: &str| o[field].as_object().map_or(0, |map| map.len());
                (length("data") + length("binaryData")).into()
            }),
            AGE,
        ],
        "Namespace" => vec![NAME, text("Status", |o| o["status"]["phase"].clone()), AGE],
        _ => vec![NAME, AGE],
    }
}

/// The part of an object that a row carries beside its cells.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Row {
    Metadata,
    Whole,
    Nothing,
}

/// Makes a table of objects.
pub(crate) fn of<'a>(
    kind: &Kind,
    objects: impl Iterator<Item = &'a Value>,
    list: &Value,
    row: Row,
) -> Value {
    let columns = columns(kind.kind);
    let rows: Vec<Value> = objects
        .map(|object| {
            let cells: Vec<Value> = columns.iter().map(|column| column.3(object)).collect();
            match row {
                Row::Metadata => {
                    json!({ "cells": cells, "object": metadata_only(object) })
                }
                Row::Whole => json!({ "cells": cells, "object": object }),
                Row::Nothing => json!({ "cells": cells }),
            }
        })
        .collect();
    let definitions: Vec<Value> = columns
        .iter()
        .map(|Column(name, type_, wide, _)| {
            json!({
                "name": name,
                "type": type_,
                "format": if *name == "Name" { "name" } else { "" },
                "description": "",
                "priority": u8::from(*wide),
            })
        })
        .collect();
    json!({
        "kind": "Table",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": list,
        "columnDefinitions": definitions,
        "rows": rows,
    })
}

fn number(value: &Value) -> i64 {
    value.as_i64().unwrap_or_default()
}

fn pairs(labels: &Value) -> Value {
    let labels = labels.as_object().into_iter().flatten();
    let pairs: Vec<String> = labels
        .map(|(label, value)| format!("{label}={}", value.as_str().unwrap_or_default()))
        .collect();
    match pairs.is_empty() {
        true => "<none>".into(),
        false => pairs.join(",").into(),
    }
}

/// One field of each container in the template.
fn containers(object: &Value, field: &str) -> Value {
    let spec = &object["spec"];
    let template = match spec.get("jobTemplate") {
        Some(job) => &job["spec"]["template"],
        None => &spec["template"],
    };
    let containers = template["spec"]["containers"]
        .as_array()
        .into_iter()
        .flatten();
    let fields: Vec<&str> = containers
        .filter_map(|container| container[field].as_str())
        .collect();
    fields.join(",").into()
}

/// The age of a time in its one or two largest units: `45s`, `3m12s`, `5h`, `12d`.
fn age(time: &Value) -> Value {
    let then = time
        .as_str()
        .and_then(|time| time.parse::<Timestamp>().ok());
    let now = crate::write::now().parse::<Timestamp>().ok();
    let (Some(then), Some(now)) = (then, now) else {
        return "<unknown>".into();
    };
    let seconds = (now.as_second() - then.as_second()).max(0);
    let (minutes, hours, days) = (seconds / 60, seconds / 3_600, seconds / 86_400);
    match seconds {
        0..120 => format!("{seconds}s"),
        120..600 if seconds % 60 > 0 => format!("{minutes}m{}s", seconds % 60),
        120..10_800 => format!("{minutes}m"),
        10_800..28_800 if minutes % 60 > 0 => format!("{hours}h{}m", minutes % 60),
        10_800..172_800 => format!("{hours}h"),
        172_800..691_200 if hours % 24 > 0 => format!("{days}d{}h", hours % 24),
        172_800..63_072_000 => format!("{days}d"),
        _ => format!("{}y{}d", days / 365, days % 365),
    }
    .into()
}
