//! Deleting one object, or many.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::read::{self, List};
use crate::refusal::Refusal;
use crate::store::Objects;
use crate::target::Target;
use crate::write::{Write, check_preconditions, now};

impl Write<'_> {
    /// Deletes an object, or marks it as being deleted if it has finalizers. Deleting a Namespace deletes all that is
    /// in it.
    pub(crate) fn delete(&self, objects: &mut Objects, options: &Value) -> Result<Value, Refusal> {
        let target = self.target;
        let current = read::get(objects, target)?;
        check_preconditions(target, &current, &options["preconditions"])?;
        if has_finalizers(&current) {
            // It is deleted when the last of those that it has to wait for is gone.
            let mut object = Value::clone(&current);
            if object["metadata"]["deletionTimestamp"].is_null() {
                object["metadata"]["deletionTimestamp"] = now().into();
                object = Value::clone(&self.put(objects, target.key(), object));
            }
            return Ok(object);
        }
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

/// Whether something has to be done before the object may go.
pub(crate) fn has_finalizers(object: &Value) -> bool {
    let finalizers = object["metadata"]["finalizers"].as_array();
    finalizers.is_some_and(|finalizers| !finalizers.is_empty())
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
