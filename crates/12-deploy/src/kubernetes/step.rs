//! What became of a document in a cluster.

use serde_json::Value;

/// Whether a cluster is to be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// It is changed.
    Apply,
    /// The server does all but store the objects: it says what would happen.
    DryRun,
}

/// What became of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// There was no such object.
    Created,
    /// The object is another one now.
    Changed,
    /// The object was already as the document has it.
    Unchanged,
}

impl Step {
    /// Compares an object before an apply, `Null` if there was none, with the server's answer to it.
    pub(crate) fn between(before: &Value, after: &Value, mode: Mode) -> Step {
        let revision = |object: &Value| object["metadata"]["resourceVersion"].clone();
        let same = match mode {
            // A server that finds nothing to change leaves the object at its revision.
            Mode::Apply => revision(before) == revision(after),
            // A dry run has no new revision.
            Mode::DryRun => timeless(before) == timeless(after),
        };
        match before {
            Value::Null => Step::Created,
            _ if same => Step::Unchanged,
            _ => Step::Changed,
        }
    }
}

/// Returns an object without what each write changes.
fn timeless(object: &Value) -> Value {
    let mut object = object.clone();
    if let Some(metadata) = object["metadata"].as_object_mut() {
        metadata.remove("resourceVersion");
        let managers = metadata
            .get_mut("managedFields")
            .and_then(Value::as_array_mut);
        for manager in managers.into_iter().flatten() {
            manager["time"] = Value::Null;
        }
    }
    object
}
