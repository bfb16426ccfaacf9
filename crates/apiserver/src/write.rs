//! Create, update, patch, apply and delete.

use std::cell::RefCell;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use axum::http::StatusCode;
use k8s_openapi::jiff::Timestamp;
use serde_json::{Value, json};

use crate::apply;
use crate::kinds::Kind;
use crate::managers::{Manager, Managers, fields_of};
use crate::objects::{self, field};
use crate::parameters::Parameters;
use crate::patch::Patch;
use crate::read::{self, List};
use crate::refusal::Refusal;
use crate::store::{Key, Objects};
use crate::target::{Part, Target};

/// A request that writes.
pub(crate) struct Write<'a> {
    pub(crate) target: &'a Target,
    pub(crate) parameters: &'a Parameters,
    /// A unique identifier, for an object that is created.
    pub(crate) uid: String,
    /// The name of the field manager.
    pub(crate) manager: &'a str,
    /// What the client should know although the request succeeds.
    pub(crate) warnings: RefCell<Vec<String>>,
}

/// The metadata that the server writes, whatever a client sends.
const OWN_METADATA: [&str; 6] = [
    "name",
    "uid",
    "creationTimestamp",
    "deletionTimestamp",
    "generation",
    "resourceVersion",
];

impl Write<'_> {
    /// Creates an object.
    pub(crate) fn create(&self, objects: &mut Objects, sent: Value) -> Result<Arc<Value>, Refusal> {
        let (key, object) = self.new_object(sent, None)?;
        self.insert(objects, key, object)
    }

    /// Makes a new object of what a client sent.
    pub(crate) fn new_object(
        &self,
        sent: Value,
        managers: Option<Managers>,
    ) -> Result<(Key, Value), Refusal> {
        let target = self.target;
        let kind = target.kind;
        let mut object = self.read(sent)?;
        let metadata = field(&mut object, "metadata");
        let revision = metadata.get("resourceVersion").and_then(Value::as_str);
        if revision.is_some_and(|revision| !revision.is_empty()) {
            let words = "resourceVersion should not be set on objects to be created";
            return Err(Refusal::bad_request(words));
        }
        if metadata.get("name").is_none()
            && let Some(prefix) = metadata.get("generateName").and_then(Value::as_str)
        {
            let name = format!("{prefix}{}", &self.uid[self.uid.len() - 5..]);
            metadata.insert("name".to_owned(), name.into());
        }
        metadata.insert("uid".to_owned(), self.uid.clone().into());
        metadata.insert("creationTimestamp".to_owned(), now().into());
        metadata.remove("deletionTimestamp");
        metadata.remove("generation");
        if kind.has_status {
            // Only the subresource changes a status.
            object["status"] = match kind.kind {
                "Namespace" => json!({ "phase": "Active" }),
                _ => json!({}),
            };
        }
        if object.get("spec").is_some() {
            object["metadata"]["generation"] = 1.into();
        }
        objects::check(kind, &object)?;
        let managers = managers.unwrap_or_else(|| {
            let mut managers = Managers::default();
            managers.set(&self.manager(false), fields_of(&object, Part::Whole));
            managers
        });
        set_managers(&mut object, managers);
        let name = object["metadata"]["name"].as_str().unwrap_or_default();
        Ok((target.key_of(name), object))
    }

    fn insert(
        &self,
        objects: &mut Objects,
        key: Key,
        object: Value,
    ) -> Result<Arc<Value>, Refusal> {
        if let Some(namespace) = &self.target.namespace {
            open_namespace(objects, namespace)?;
        }
        match objects.get(&key) {
            Some(_) => Err(Refusal::already_exists(self.target.kind, &key.name)),
            None => Ok(self.put(objects, key, object)),
        }
    }

    /// Replaces an object, or a part of it, if it is still at the revision that the client read.
    pub(crate) fn update(&self, objects: &mut Objects, sent: Value) -> Result<Arc<Value>, Refusal> {
        let current = read::get(objects, self.target)?;
        let name = sent["metadata"]["name"].as_str().unwrap_or_default();
        if name != self.target.name() {
            return Err(Refusal::bad_request(format!(
                "the name of the object ({name}) does not match the name on the URL ({})",
                self.target.name()
            )));
        }
        self.replace(objects, &current, sent, None)
    }

    /// Changes an object, or a part of it, as a patch says.
    pub(crate) fn patch(
        &self,
        objects: &mut Objects,
        patch: &Patch,
    ) -> Result<Arc<Value>, Refusal> {
        if self.parameters.force().is_some() {
            let what = "Forbidden: may not be specified for non-apply patch";
            return Err(Refusal::options("PatchOptions", "force", what));
        }
        let current = read::get(objects, self.target)?;
        let patched = patch.apply(self.target.kind, self.target.name(), &current)?;
        self.replace(objects, &current, patched, None)
    }

    /// Applies a configuration to an object, or makes the object.
    pub(crate) fn apply(
        &self,
        objects: &mut Objects,
        mut configuration: Value,
    ) -> Result<Arc<Value>, Refusal> {
        let target = self.target;
        if self
            .parameters
            .field_manager
            .as_deref()
            .unwrap_or_default()
            .is_empty()
        {
            let what = "Required value: is required for apply patch";
            return Err(Refusal::options("PatchOptions", "fieldManager", what));
        }
        apply::without_nulls(&mut configuration);
        if configuration["metadata"].get("managedFields").is_some() {
            return Err(Refusal::bad_request("metadata.managedFields must be nil"));
        }
        let name = configuration["metadata"]["name"].as_str();
        if name.is_some_and(|name| name != target.name()) {
            return Err(Refusal::bad_request(format!(
                "the name of the object ({}) does not match the name on the URL ({})",
                name.unwrap_or_default(),
                target.name()
            )));
        }
        field(&mut configuration, "metadata").insert("name".to_owned(), target.name().into());
        let (_, unknown) = objects::read(target, configuration.clone())?;
        if let Some(unknown) = unknown.first() {
            let words = format!(
                "failed to create typed patch object ({}; {}, Kind={}): .{unknown}: field not declared in schema",
                target.name(),
                target.kind.api_version(),
                target.kind.kind
            );
            return Err(Refusal::bad_request(words));
        }
        let manager = self.manager(true);
        match objects.get(&target.key()) {
            None if target.part != Part::Whole => {
                Err(Refusal::not_found(target.kind, target.name()))
            }
            None => {
                let mut managers = Managers::default();
                managers.set(&manager, fields_of(&configuration, target.part));
                let (key, object) = self.new_object(configuration, Some(managers))?;
                self.insert(objects, key, object)
            }
            Some(current) => {
                check_preconditions(target, &current, &configuration["metadata"])?;
                let force = self.parameters.force().unwrap_or_default();
                let (merged, managers) =
                    apply::apply(target, &current, &configuration, &manager, force)?;
                self.replace(objects, &current, merged, Some(managers))
            }
        }
    }

    /// Stores what an object is to become. Without `managers`, the manager of this write owns what changes.
    fn replace(
        &self,
        objects: &mut Objects,
        current: &Arc<Value>,
        sent: Value,
        managers: Option<Managers>,
    ) -> Result<Arc<Value>, Refusal> {
        let target = self.target;
        let kind = target.kind;
        check_preconditions(target, current, &sent["metadata"])?;
        // A list with one empty entry strips all managers; anything else that a client sends here is ignored.
        let stripped = sent["metadata"]["managedFields"] == json!([{}]);
        let mut object = self.read(sent)?;
        if target.part == Part::Status {
            let status = object["status"].take();
            object = Value::clone(current);
            object["status"] = status;
        } else {
            copy(current, &mut object, "status");
        }
        for name in OWN_METADATA {
            copy(&current["metadata"], &mut object["metadata"], name);
        }
        if kind.group == "apps" && object["spec"]["selector"] != current["spec"]["selector"] {
            let what = format!(
                "Invalid value: {}: field is immutable",
                object["spec"]["selector"]
            );
            return Err(Refusal::invalid(
                kind,
                target.name(),
                "spec.selector",
                &what,
            ));
        }
        objects::check(kind, &object)?;
        let managers = match managers {
            Some(managers) => managers,
            None => {
                let mut managers = match stripped {
                    true => Managers::default(),
                    false => Managers::of(current),
                };
                managers.update(&self.manager(false), current, &object);
                managers
            }
        };
        set_managers(&mut object, managers);
        if object == **current {
            return Ok(current.clone());
        }
        if object["spec"] != current["spec"] {
            let generation = current["metadata"]["generation"]
                .as_i64()
                .unwrap_or_default();
            object["metadata"]["generation"] = (generation + 1).into();
        }
        Ok(self.put(objects, target.key(), object))
    }

    /// Reads what a client sent, and does about unknown fields what the client wants.
    fn read(&self, sent: Value) -> Result<Value, Refusal> {
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

    fn manager(&self, applies: bool) -> Manager {
        Manager {
            name: self.manager.to_owned(),
            applies,
            api_version: self.target.kind.api_version(),
            part: self.target.part,
        }
    }

    /// Stores the object, unless the request is only to say what would happen.
    fn put(&self, objects: &mut Objects, key: Key, object: Value) -> Arc<Value> {
        match self.parameters.dry_run() {
            true => Arc::new(object),
            false => objects.put(key, object),
        }
    }

    /// Deletes an object. Deleting a Namespace deletes all that is in it.
    pub(crate) fn delete(&self, objects: &mut Objects, options: &Value) -> Result<Value, Refusal> {
        let target = self.target;
        let current = read::get(objects, target)?;
        check_preconditions(target, &current, &options["preconditions"])?;
        if !self.parameters.dry_run() {
            if target.kind.plural == "namespaces" {
                for key in objects.in_namespace(target.name()) {
                    objects.remove(&key);
                }
            }
            objects.remove(&target.key());
        }
        Ok(deleted(target, &current))
    }

    /// Deletes the objects that the parameters select.
    pub(crate) fn delete_all(&self, objects: &mut Objects) -> Result<List, Refusal> {
        let list = read::list(objects, self.target, self.parameters)?;
        if !self.parameters.dry_run() {
            for item in &list.items {
                let name = item["metadata"]["name"].as_str().unwrap_or_default();
                objects.remove(&self.target.key_of(name));
            }
        }
        Ok(list)
    }
}

/// Makes a field the same as in another object, or removes it if it isn't there.
fn copy(from: &Value, to: &mut Value, name: &str) {
    match from.get(name) {
        Some(value) => to[name] = value.clone(),
        None => drop(to.as_object_mut().map(|to| to.remove(name))),
    }
}

fn set_managers(object: &mut Value, mut managers: Managers) {
    managers.tidy(object);
    let metadata = field(object, "metadata");
    match managers.to_json() {
        Some(json) => drop(metadata.insert("managedFields".to_owned(), json)),
        None => drop(metadata.remove("managedFields")),
    }
}

/// Refuses a write if the object is not the one that the client means, or not at the revision that it read.
fn check_preconditions(target: &Target, current: &Value, wanted: &Value) -> Result<(), Refusal> {
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

fn open_namespace(objects: &Objects, namespace: &str) -> Result<(), Refusal> {
    let kind = Kind::find("", "v1", "namespaces").expect("the server has namespaces");
    let key = Key {
        plural: kind.plural,
        namespace: String::new(),
        name: namespace.to_owned(),
    };
    match objects.get(&key) {
        Some(_) => Ok(()),
        None => Err(Refusal::not_found(kind, namespace)),
    }
}

/// The answer to a deletion.
fn deleted(target: &Target, object: &Value) -> Value {
    json!({
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Success",
        "code": StatusCode::OK.as_u16(),
        "details": {
            "name": target.name(),
            "group": target.kind.group,
            "kind": target.kind.plural,
            "uid": object["metadata"]["uid"],
        },
    })
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
