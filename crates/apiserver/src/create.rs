//! Creating an object.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::kinds::Kind;
use crate::managers::{Managers, fields_of};
use crate::objects::{self, field};
use crate::refusal::Refusal;
use crate::store::{Key, Objects};
use crate::target::Part;
use crate::write::{Write, now, set_managers};

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

    /// Stores a new object, if its Namespace exists and it doesn't.
    pub(crate) fn insert(
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
