//! The two writes of a change: the annotation and the scale.

use kube::core::params::{GetParams, Patch, PatchParams};
use kube::core::{DynamicObject, ObjectMeta, PartialObjectMeta};
use serde_json::{Value, json};

use crate::calls::Calls;
use crate::{ANNOTATION, Failure, Resource};

/// Reads a workload.
pub(crate) async fn get(calls: &Calls, resource: &Resource) -> Result<DynamicObject, Failure> {
    let request = resource
        .requests()
        .get(&resource.name, &GetParams::default());
    calls.send(request).await
}

/// Writes the annotation, or removes it, unless the workload has changed since `metadata` was read. Returns the new
/// metadata.
// ANCHOR: annotate
pub(crate) async fn annotate(
    calls: &Calls,
    resource: &Resource,
    metadata: &ObjectMeta,
    replicas: Option<u32>,
) -> Result<ObjectMeta, Failure> {
    let replicas = replicas.map(|replicas| replicas.to_string());
    let patch = json!({ "metadata": {
        "resourceVersion": metadata.resource_version,
        "annotations": { ANNOTATION: replicas },
    }});
    send(calls, resource, None, patch).await
}
// ANCHOR_END: annotate

/// Scales a workload, unless it has changed since `metadata` was read. Returns the new metadata.
// ANCHOR: scale
pub(crate) async fn scale(
    calls: &Calls,
    resource: &Resource,
    metadata: &ObjectMeta,
    replicas: u32,
) -> Result<ObjectMeta, Failure> {
    let patch = json!({
        "metadata": { "resourceVersion": metadata.resource_version },
        "spec": { "replicas": replicas },
    });
    send(calls, resource, Some("scale"), patch).await
}
// ANCHOR_END: scale

async fn send(
    calls: &Calls,
    resource: &Resource,
    part: Option<&str>,
    patch: Value,
) -> Result<ObjectMeta, Failure> {
    let (requests, name) = (resource.requests(), &resource.name);
    let (parameters, patch) = (PatchParams::default(), Patch::Merge(patch));
    let request = match part {
        None => requests.patch(name, &parameters, &patch),
        Some(part) => requests.patch_subresource(part, name, &parameters, &patch),
    };
    let changed: PartialObjectMeta<DynamicObject> = calls.send(request).await?;
    Ok(changed.metadata)
}
