//! Changing an object: update, patch and apply.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::apply;
use crate::delete;
use crate::managers::{Managers, fields_of};
use crate::objects::{self, field};
use crate::patch::Patch;
use crate::read;
use crate::refusal::Refusal;
use crate::store::Objects;
use crate::target::Part;
use crate::write::{Write, check_preconditions, set_managers};

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
        let waits = !object["metadata"]["deletionTimestamp"].is_null();
        if waits && !delete::has_finalizers(&object) && !self.parameters.dry_run() {
            objects.remove(&target.key());
            return Ok(Arc::new(object));
        }
        if object["spec"] != current["spec"] {
            let generation = current["metadata"]["generation"]
                .as_i64()
                .unwrap_or_default();
            object["metadata"]["generation"] = (generation + 1).into();
        }
        Ok(self.put(objects, target.key(), object))
    }
}

/// Makes a field the same as in another object, or removes it if it isn't there.
fn copy(from: &Value, to: &mut Value, name: &str) {
    match from.get(name) {
        Some(value) => to[name] = value.clone(),
        None => drop(to.as_object_mut().map(|to| to.remove(name))),
    }
}
