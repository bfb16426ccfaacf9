//! The bodies of PATCH: JSON Patch, JSON Merge Patch, and Kubernetes' strategic merge patch.

use serde_json::Value;

use crate::kinds::Kind;
use crate::refusal::Refusal;
use crate::strategic;

/// A change of an object.
pub(crate) enum Patch {
    /// RFC 6902: a list of operations.
    Json(json_patch::Patch),
    /// RFC 7386: fields to set, and nulls for fields to remove; lists are replaced.
    Merge(Value),
    /// The same, but some lists are merged by a key.
    Strategic(Value),
}

impl Patch {
    /// Parses a patch of the media type. Server-side apply has a module of its own.
    pub(crate) fn parse(media_type: &str, body: &[u8]) -> Result<Patch, Refusal> {
        let object = || -> Result<Value, Refusal> {
            let patch: Value = parse(body)?;
            match patch.is_object() {
                true => Ok(patch),
                false => Err(Refusal::bad_request("the patch is not an object")),
            }
        };
        match media_type {
            "application/json-patch+json" => Ok(Patch::Json(parse(body)?)),
            "application/merge-patch+json" => Ok(Patch::Merge(object()?)),
            "application/strategic-merge-patch+json" => Ok(Patch::Strategic(object()?)),
            other => Err(Refusal::unsupported_media_type(
                other,
                "application/json-patch+json, application/merge-patch+json, \
                 application/apply-patch+yaml, application/strategic-merge-patch+json",
            )),
        }
    }

    /// Returns the object as the patch changes it.
    pub(crate) fn apply(&self, kind: &Kind, name: &str, object: &Value) -> Result<Value, Refusal> {
        let mut object = object.clone();
        match self {
            Patch::Json(operations) => {
                json_patch::patch(&mut object, operations).map_err(|error| {
                    let what = format!("Invalid value: {error}");
                    Refusal::invalid(kind, name, "patch", &what)
                })?;
            }
            Patch::Merge(patch) => json_patch::merge(&mut object, patch),
            Patch::Strategic(patch) => strategic::merge(&mut object, patch).map_err(|why| {
                Refusal::bad_request(format!("invalid strategic merge patch: {why}"))
            })?,
        }
        Ok(object)
    }
}

fn parse<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body)
        .map_err(|error| Refusal::bad_request(format!("error decoding patch: {error}")))
}
