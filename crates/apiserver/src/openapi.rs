//! OpenAPI, as far as `kubectl` needs it: for which kinds the server checks the fields, so that `kubectl` doesn't.

use std::sync::Arc;

use axum::extract::Path;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Map, Value, json};

use crate::cluster::State;
use crate::kinds::{KINDS, Kind};
use crate::refusal::Refusal;

/// Returns the routes.
pub(crate) fn router() -> Router<Arc<State>> {
    Router::new()
        .route("/openapi/v3", get(index))
        .route("/openapi/v3/api/{version}", get(core))
        .route("/openapi/v3/apis/{group}/{version}", get(group))
}

/// Where the documents are, one for each group and version.
async fn index() -> Json<Value> {
    let paths: Map<String, Value> = KINDS
        .iter()
        .map(|kind| {
            let path = path(kind);
            let url = format!("/openapi/v3/{path}");
            (path, json!({ "serverRelativeURL": url }))
        })
        .collect();
    Json(json!({ "paths": paths }))
}

/// The path of a kind's group and version.
fn path(kind: &Kind) -> String {
    match kind.group {
        "" => format!("api/{}", kind.version),
        group => format!("apis/{group}/{}", kind.version),
    }
}

async fn core(Path(version): Path<String>) -> Result<Json<Value>, Refusal> {
    document("", &version)
}

async fn group(Path((group, version)): Path<(String, String)>) -> Result<Json<Value>, Refusal> {
    document(&group, &version)
}

fn document(group: &str, version: &str) -> Result<Json<Value>, Refusal> {
    let kinds = KINDS
        .iter()
        .filter(|kind| kind.group == group && kind.version == version);
    let paths: Map<String, Value> = kinds.filter(|kind| kind.writable).map(of_kind).collect();
    match paths.is_empty() {
        true => Err(Refusal::no_path()),
        false => Ok(Json(json!({
            "openapi": "3.0.0",
            "info": { "title": "Kubernetes", "version": "embedded" },
            "paths": paths,
            "components": { "schemas": {} },
        }))),
    }
}

/// The path of a kind's objects, and the parameters that a PATCH takes there.
fn of_kind(kind: &Kind) -> (String, Value) {
    let namespace = match kind.namespaced {
        true => "/namespaces/{namespace}",
        false => "",
    };
    let parameters = ["dryRun", "fieldManager", "fieldValidation", "force"]
        .map(|name| json!({ "name": name, "in": "query", "schema": { "type": "string" } }));
    let patch = json!({
        "operationId": format!("patch{}", kind.kind),
        "parameters": parameters,
        "responses": { "200": { "description": "OK" } },
        "x-kubernetes-action": "patch",
        "x-kubernetes-group-version-kind": {
            "group": kind.group,
            "version": kind.version,
            "kind": kind.kind,
        },
    });
    let path = format!("/{}{namespace}/{}/{{name}}", path(kind), kind.plural);
    (path, json!({ "patch": patch }))
}
