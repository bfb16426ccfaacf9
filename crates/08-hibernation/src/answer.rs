//! What is known about one resource.

use std::fmt;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kube::core::{ApiResource, DynamicObject};
use serde_json::Value;

use crate::{Counts, Failure};

/// The annotation that says how many replicas a hibernated workload had. The talk's own project uses the same one.
pub const ANNOTATION: &str = "hibernator.devtron.ai/replicas";

/// What is known about one resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It can't be hibernated.
    CannotBe(Reason),
    /// It can be hibernated, and isn't.
    Running {
        /// How many replicas it should have. 0 if somebody scaled it down without hibernating it.
        replicas: u32,
    },
    /// It is hibernated.
    Hibernated {
        /// How many replicas it had; at least 1.
        replicas: u32,
    },
    /// The call failed, so it may be anything.
    Unknown(Failure),
}

/// Why a resource can't be hibernated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Its kind has no replicas.
    NoReplicas,
    /// A controller owns it, and decides how many replicas it has.
    Owned {
        /// The controller, such as `Deployment cart`.
        by: String,
    },
    /// There is no such resource any more.
    Gone,
}

impl Answer {
    /// Returns what an object of this kind says.
    // ANCHOR: of
    pub fn of(kind: &ApiResource, object: &DynamicObject) -> Answer {
        if let Some(by) = controller(&object.metadata) {
            return Answer::CannotBe(Reason::Owned { by });
        }
        match (replicas(kind, &object.data), had(&object.metadata)) {
            (None, _) => Answer::CannotBe(Reason::NoReplicas),
            (Some(0), Some(replicas)) => Answer::Hibernated { replicas },
            (Some(replicas), _) => Answer::Running { replicas },
        }
    }
    // ANCHOR_END: of

    /// Returns what a failed call says: the resource is gone, or it is unknown.
    pub(crate) fn of_failure(failure: Failure) -> Answer {
        match failure.status() {
            Some(404) => Answer::CannotBe(Reason::Gone),
            _ => Answer::Unknown(failure),
        }
    }

    /// Returns what the answer adds to the counts.
    // ANCHOR: counts
    pub fn counts(&self) -> Counts {
        match self {
            Answer::CannotBe(_) => Counts::NONE,
            Answer::Running { .. } => Counts::RUNNING,
            Answer::Hibernated { .. } => Counts::HIBERNATED,
            Answer::Unknown(_) => Counts::UNKNOWN,
        }
    }
    // ANCHOR_END: counts
}

/// Returns `spec.replicas`. `None` if the kind has none.
fn replicas(kind: &ApiResource, data: &Value) -> Option<u32> {
    match data.pointer("/spec/replicas").and_then(Value::as_u64) {
        Some(replicas) => Some(u32::try_from(replicas).unwrap_or(u32::MAX)),
        None => {
            let built_in = match kind.group.as_str() {
                "apps" => ["Deployment", "StatefulSet", "ReplicaSet"].contains(&&*kind.kind),
                "" => kind.kind == "ReplicationController",
                _ => false,
            };
            // The default of these kinds.
            built_in.then_some(1)
        }
    }
}

/// Returns the annotation, if it is a number of replicas.
pub(crate) fn had(metadata: &ObjectMeta) -> Option<u32> {
    let annotation = metadata.annotations.as_ref()?.get(ANNOTATION)?;
    annotation.parse().ok().filter(|replicas| *replicas > 0)
}

fn controller(metadata: &ObjectMeta) -> Option<String> {
    let mut owners = metadata.owner_references.iter().flatten();
    let owner = owners.find(|owner| owner.controller == Some(true))?;
    Some(format!("{} {}", owner.kind, owner.name))
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Answer::CannotBe(reason) => write!(f, "can't be hibernated: {reason}"),
            Answer::Running { replicas } => write!(f, "running, replicas: {replicas}"),
            Answer::Hibernated { replicas } => write!(f, "hibernated, replicas before: {replicas}"),
            Answer::Unknown(failure) => write!(f, "unknown: {failure}"),
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::NoReplicas => f.write_str("its kind has no replicas"),
            Reason::Owned { by } => write!(f, "it belongs to {by}"),
            Reason::Gone => f.write_str("it doesn't exist"),
        }
    }
}
