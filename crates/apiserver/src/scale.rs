//! The subresource `scale`: an object's replicas, seen alone.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::objects::field;
use crate::patch::Patch;
use crate::read;
use crate::refusal::Refusal;
use crate::store::Objects;
use crate::write::Write;

/// Returns the `Scale` of an object.
pub(crate) fn of(object: &Value) -> Value {
    let metadata = &object["metadata"];
    let selector = object["spec"]["selector"]["matchLabels"].as_object();
    let selector = selector.into_iter().flatten();
    let selector: Vec<String> = selector
        .map(|(label, value)| format!("{label}={}", value.as_str().unwrap_or_default()))
        .collect();
    json!({
        "kind": "Scale",
        "apiVersion": "autoscaling/v1",
        "metadata": {
            "name": metadata["name"],
            "namespace": metadata["namespace"],
            "uid": metadata["uid"],
            "resourceVersion": metadata["resourceVersion"],
            "creationTimestamp": metadata["creationTimestamp"],
        },
        "spec": { "replicas": object["spec"]["replicas"] },
        "status": {
            "replicas": object["status"]["replicas"].as_i64().unwrap_or_default(),
            "selector": selector.join(","),
        },
    })
}

/// Replaces the `Scale` of an object, and returns the object.
pub(crate) fn update(
    write: &Write<'_>,
    objects: &mut Objects,
    scale: &Value,
) -> Result<Arc<Value>, Refusal> {
    let current = read::get(objects, write.target)?;
    // A Scale without replicas means none: Kubernetes leaves the zero out.
    let replicas = match &scale["spec"]["replicas"] {
        Value::Null => 0.into(),
        replicas => replicas.clone(),
    };
    let mut object = Value::clone(&current);
    field(&mut object, "spec").insert("replicas".to_owned(), replicas);
    for name in ["resourceVersion", "uid"] {
        object["metadata"][name] = scale["metadata"][name].clone();
    }
    object["metadata"]["name"] = scale["metadata"]["name"].clone();
    write.update(objects, object)
}

/// Patches the `Scale` of an object, and returns the object.
pub(crate) fn patch(
    write: &Write<'_>,
    objects: &mut Objects,
    patch: &Patch,
) -> Result<Arc<Value>, Refusal> {
    let current = read::get(objects, write.target)?;
    let target = write.target;
    let patched = patch.apply(target.kind, target.name(), &of(&current))?;
    update(write, objects, &patched)
}

/// Applies a `Scale` to an object, and returns the object.
pub(crate) fn apply(
    write: &Write<'_>,
    objects: &mut Objects,
    scale: &Value,
) -> Result<Arc<Value>, Refusal> {
    let mut configuration = json!({ "metadata": scale["metadata"], "spec": {} });
    configuration["spec"]["replicas"] = scale["spec"]["replicas"].clone();
    write.apply(objects, configuration)
}
