//! Create, update, patch and delete.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use axum::http::StatusCode;
use k8s_openapi::jiff::Timestamp;
use serde_json::{Value, json};

use crate::objects::{self, field};
use crate::parameters::Parameters;
use crate::patch::Patch;
use crate::refusal::Refusal;
use crate::store::{Key, Objects};
use crate::target::{Part, Target};

/// A request that writes: where, how, and what it gives an object that is new.
pub(crate) struct Write<'a> {
    pub(crate) target: &'a Target,
    pub(crate) parameters: &'a Parameters,
    /// A unique identifier, for an object that is created.
    pub(crate) uid: String,
}

impl Write<'_> {
    /// Creates an object.
    pub(crate) fn create(&self, objects: &mut Objects, sent: Value) -> Result<Arc<Value>, Refusal> {
        let target = self.target;
        let kind = target.kind;
        let mut object = objects::read(target, sent)?;
        let metadata = field(&mut object, "metadata");
        if metadata
            .get("resourceVersion")
            .and_then(Value::as_str)
            .is_some_and(|v| !v.is_empty())
        {
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
        if kind.has_status {
            // Only the subresource changes the status.
            object["status"] = initial_status(kind.plural);
        }
        if object.get("spec").is_some() {
            object["metadata"]["generation"] = 1.into();
        }
        objects::check(kind, &object)?;
        if let Some(namespace) = &target.namespace {
            open_namespace(objects, namespace)?;
        }
        let name = object["metadata"]["name"].as_str().unwrap_or_default();
        let key = target.key_of(name);
        if objects.get(&key).is_some() {
            return Err(Refusal::already_exists(kind, name));
        }
        Ok(self.put(objects, key, object))
    }

    /// Replaces an object, or a part of it, if it is still at the revision that the client read.
    pub(crate) fn update(&self, objects: &mut Objects, sent: Value) -> Result<Arc<Value>, Refusal> {
        let current = crate::read::get(objects, self.target)?;
        let name = sent["metadata"]["name"].as_str().unwrap_or_default();
        if name != self.target.name() {
            return Err(Refusal::bad_request(format!(
                "the name of the object ({name}) does not match the name on the URL ({})",
                self.target.name()
            )));
        }
        self.replace(objects, &current, sent)
    }

    /// Changes an object, or a part of it, as a patch says.
    pub(crate) fn patch(
        &self,
        objects: &mut Objects,
        patch: &Patch,
    ) -> Result<Arc<Value>, Refusal> {
        let current = crate::read::get(objects, self.target)?;
        let patched = patch.apply(self.target.kind, self.target.name(), &current)?;
        self.replace(objects, &current, patched)
    }

    fn replace(
        &self,
        objects: &mut Objects,
        current: &Arc<Value>,
        sent: Value,
    ) -> Result<Arc<Value>, Refusal> {
        let target = self.target;
        let kind = target.kind;
        check_preconditions(target, current, &sent["metadata"])?;
        let mut object = objects::read(target, sent)?;
        let (kept, changed) = match target.part {
            Part::Status => (["spec"].as_slice(), object["status"].clone()),
            Part::Whole | Part::Scale => (["status"].as_slice(), Value::Null),
        };
        if target.part == Part::Status {
            object = Value::clone(current);
            object["status"] = changed;
        }
        for name in kept {
            match current.get(*name) {
                Some(value) => object[*name] = value.clone(),
                None => drop(object.as_object_mut().map(|object| object.remove(*name))),
            }
        }
        // Clients can't change these; most send what they read.
        for name in [
            "name",
            "uid",
            "creationTimestamp",
            "deletionTimestamp",
            "generation",
            "resourceVersion",
        ] {
            match current["metadata"].get(name) {
                Some(value) => object["metadata"][name] = value.clone(),
                None => drop(field(&mut object, "metadata").remove(name)),
            }
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
        let current = crate::read::get(objects, target)?;
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
    pub(crate) fn delete_all(&self, objects: &mut Objects) -> Result<crate::read::List, Refusal> {
        let list = crate::read::list(objects, self.target, self.parameters)?;
        if !self.parameters.dry_run() {
            for item in &list.items {
                let metadata = &item["metadata"];
                let mut key = self
                    .target
                    .key_of(metadata["name"].as_str().unwrap_or_default());
                key.namespace = metadata["namespace"]
                    .as_str()
                    .unwrap_or_default()
                    .to_owned();
                objects.remove(&key);
            }
        }
        Ok(list)
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
    let kind = crate::kinds::Kind::find("", "v1", "namespaces").expect("the server has namespaces");
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

fn initial_status(plural: &str) -> Value {
    match plural {
        "namespaces" => json!({ "phase": "Active" }),
        _ => json!({}),
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
