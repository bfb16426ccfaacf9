//! The common part of all writes.

use std::cell::RefCell;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use k8s_openapi::jiff::Timestamp;
use serde_json::Value;

use crate::managers::{Manager, Managers};
use crate::objects::{self, field};
use crate::parameters::Parameters;
use crate::refusal::Refusal;
use crate::store::{Key, Objects};
use crate::target::Target;

/// A request that writes.
pub(crate) struct Write<'a> {
    pub(crate) target: &'a Target,
    pub(crate) parameters: &'a Parameters,
    /// A unique identifier, for an object that is created.
    pub(crate) uid: String,
    /// The name of the field manager.
    pub(crate) manager: &'a str,
    /// Warnings for the client. The request succeeds all the same.
    pub(crate) warnings: RefCell<Vec<String>>,
}

impl Write<'_> {
    /// Reads what a client sent, and does about unknown fields what the client wants.
    pub(crate) fn read(&self, sent: Value) -> Result<Value, Refusal> {
        let kind = self.target.kind;
        let (object, unknown) = objects::read(self.target, sent)?;
        let words = unknown.iter().map(|path| format!("unknown field {path:?}"));
        let words: Vec<String> = words.collect();
        match self.parameters.field_validation.as_str() {
            "Ignore" => {}
            "" | "Warn" => self.warnings.borrow_mut().extend(words),
            "Strict" if words.is_empty() => {}
            "Strict" => {
                let words = words.join(", ");
                return Err(Refusal::bad_request(format!(
                    "{name} in version {:?} cannot be handled as a {name}: strict decoding error: {words}",
                    kind.version,
                    name = kind.kind,
                )));
            }
            other => {
                let what = format!(
                    "Unsupported value: {other:?}: supported values: \"\", \"Ignore\", \"Strict\", \"Warn\""
                );
                return Err(Refusal::options("CreateOptions", "fieldValidation", &what));
            }
        }
        Ok(object)
    }

    pub(crate) fn manager(&self, applies: bool) -> Manager {
        Manager {
            name: self.manager.to_owned(),
            applies,
            api_version: self.target.kind.api_version(),
            part: self.target.part,
        }
    }

    /// Stores the object, unless the request is only to say what would happen.
    pub(crate) fn put(&self, objects: &mut Objects, key: Key, object: Value) -> Arc<Value> {
        match self.parameters.dry_run() {
            true => Arc::new(object),
            false => objects.put(key, object),
        }
    }
}

/// Writes an object's managers, without the fields that it doesn't have.
pub(crate) fn set_managers(object: &mut Value, mut managers: Managers) {
    managers.tidy(object);
    let metadata = field(object, "metadata");
    match managers.to_json() {
        Some(json) => drop(metadata.insert("managedFields".to_owned(), json)),
        None => drop(metadata.remove("managedFields")),
    }
}

/// Refuses a write if the object is not the one that the client means, or not at the revision that it read.
pub(crate) fn check_preconditions(
    target: &Target,
    current: &Value,
    wanted: &Value,
) -> Result<(), Refusal> {
    let (kind, name) = (target.kind, target.name());
    let metadata = &current["metadata"];
    if let Some(uid) = wanted["uid"].as_str().filter(|uid| !uid.is_empty())
        && metadata["uid"] != uid
    {
        let why = format!(
            "Precondition failed: UID in precondition: {uid}, UID in object meta: {}",
            metadata["uid"].as_str().unwrap_or_default()
        );
        return Err(Refusal::conflict(kind, name, &why));
    }
    match wanted["resourceVersion"].as_str() {
        Some(revision) if !revision.is_empty() && metadata["resourceVersion"] != revision => {
            Err(Refusal::modified(kind, name))
        }
        _ => Ok(()),
    }
}

/// The time, as Kubernetes writes it: in whole seconds.
pub(crate) fn now() -> String {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let seconds = i64::try_from(since.as_secs()).unwrap_or_default();
    Timestamp::from_second(seconds)
        .unwrap_or_default()
        .to_string()
}
