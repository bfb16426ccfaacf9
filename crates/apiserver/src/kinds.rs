//! The kinds that the server has.

use k8s_openapi::api::apps::v1::{DaemonSet, Deployment, ReplicaSet, StatefulSet};
use k8s_openapi::api::batch::v1::CronJob;
use k8s_openapi::api::core::v1::{ConfigMap, Event, Namespace, Pod};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A kind of object, and what the API calls it.
pub(crate) struct Kind {
    /// Empty for the core group.
    pub(crate) group: &'static str,
    pub(crate) version: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) plural: &'static str,
    pub(crate) singular: &'static str,
    pub(crate) short: &'static [&'static str],
    pub(crate) namespaced: bool,
    /// Whether it has `spec.replicas` and the subresource `scale`.
    pub(crate) scales: bool,
    /// Whether it has the subresource `status`.
    pub(crate) has_status: bool,
    /// Whether objects can be written. Events and Pods can't: their lists are there because clients ask for them.
    pub(crate) writable: bool,
    /// Reads an object as the kind's type, which drops unknown fields, and writes it again.
    normal: fn(Value) -> Result<Value, serde_json::Error>,
}

/// Every kind, with the core group first, then by group: the order in which discovery names the groups.
pub(crate) static KINDS: [Kind; 9] = [
    Kind {
        singular: "configmap",
        short: &["cm"],
        ..core("ConfigMap", "configmaps", normal::<ConfigMap>)
    },
    Kind {
        singular: "event",
        short: &["ev"],
        writable: false,
        ..core("Event", "events", normal::<Event>)
    },
    Kind {
        singular: "namespace",
        short: &["ns"],
        namespaced: false,
        has_status: true,
        ..core("Namespace", "namespaces", normal::<Namespace>)
    },
    Kind {
        singular: "pod",
        short: &["po"],
        writable: false,
        ..core("Pod", "pods", normal::<Pod>)
    },
    Kind {
        singular: "daemonset",
        short: &["ds"],
        ..apps("DaemonSet", "daemonsets", normal::<DaemonSet>)
    },
    Kind {
        singular: "deployment",
        short: &["deploy"],
        scales: true,
        ..apps("Deployment", "deployments", normal::<Deployment>)
    },
    Kind {
        singular: "replicaset",
        short: &["rs"],
        scales: true,
        ..apps("ReplicaSet", "replicasets", normal::<ReplicaSet>)
    },
    Kind {
        singular: "statefulset",
        short: &["sts"],
        scales: true,
        ..apps("StatefulSet", "statefulsets", normal::<StatefulSet>)
    },
    Kind {
        group: "batch",
        singular: "cronjob",
        short: &["cj"],
        ..apps("CronJob", "cronjobs", normal::<CronJob>)
    },
];

const fn core(
    kind: &'static str,
    plural: &'static str,
    normal: fn(Value) -> Result<Value, serde_json::Error>,
) -> Kind {
    Kind {
        group: "",
        version: "v1",
        kind,
        plural,
        singular: "",
        short: &[],
        namespaced: true,
        scales: false,
        has_status: false,
        writable: true,
        normal,
    }
}

const fn apps(
    kind: &'static str,
    plural: &'static str,
    normal: fn(Value) -> Result<Value, serde_json::Error>,
) -> Kind {
    Kind {
        group: "apps",
        has_status: true,
        ..core(kind, plural, normal)
    }
}

fn normal<T: DeserializeOwned + Serialize>(object: Value) -> Result<Value, serde_json::Error> {
    serde_json::to_value(serde_json::from_value::<T>(object)?)
}

impl Kind {
    /// Finds a kind by its path.
    pub(crate) fn find(group: &str, version: &str, plural: &str) -> Option<&'static Kind> {
        KINDS
            .iter()
            .find(|kind| kind.group == group && kind.version == version && kind.plural == plural)
    }

    /// Finds a kind by what an object says of itself.
    pub(crate) fn of(api_version: &str, kind: &str) -> Option<&'static Kind> {
        KINDS
            .iter()
            .find(|candidate| candidate.kind == kind && candidate.api_version() == api_version)
    }

    /// The group and the version, as in an object's `apiVersion`.
    pub(crate) fn api_version(&self) -> String {
        match self.group {
            "" => self.version.to_owned(),
            group => format!("{group}/{}", self.version),
        }
    }

    /// The plural with the group, as in the words of an error: `deployments.apps`.
    pub(crate) fn resource(&self) -> String {
        match self.group {
            "" => self.plural.to_owned(),
            group => format!("{}.{group}", self.plural),
        }
    }

    /// Reads an object as the kind's type and writes it again, without the fields that the type doesn't have.
    pub(crate) fn normal(&self, object: Value) -> Result<Value, serde_json::Error> {
        (self.normal)(object)
    }
}
