//! Discovery: which groups, versions and resources there are.

use std::sync::Arc;

use axum::extract::Path;
use axum::http::HeaderMap;
use axum::http::header::HOST;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::cluster::State;
use crate::kinds::{KINDS, Kind};
use crate::refusal::Refusal;

/// The version of Kubernetes whose types the server reads and writes: that of `k8s-openapi`'s feature.
const VERSION: (&str, &str) = ("1", "37");

/// Returns the routes.
pub(crate) fn router() -> Router<Arc<State>> {
    Router::new()
        .route("/version", get(version))
        .route("/api", get(core))
        .route("/apis", get(groups))
        .route("/apis/{group}", get(group))
        .route("/api/{version}", get(core_resources))
        .route("/apis/{group}/{version}", get(resources))
}

async fn version() -> Json<Value> {
    let (major, minor) = VERSION;
    Json(json!({
        "major": major,
        "minor": minor,
        "gitVersion": format!("v{major}.{minor}.0+embedded"),
        "gitCommit": "",
        "gitTreeState": "clean",
        "buildDate": "1970-01-01T00:00:00Z",
        "goVersion": "none",
        "compiler": "rustc",
        "platform": format!("{}/{}", std::env::consts::OS, std::env::consts::ARCH),
    }))
}

async fn core(headers: HeaderMap) -> Json<Value> {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    Json(json!({
        "kind": "APIVersions",
        "versions": ["v1"],
        "serverAddressByClientCIDRs": [
            { "clientCIDR": "0.0.0.0/0", "serverAddress": host.unwrap_or_default() },
        ],
    }))
}

async fn groups() -> Json<Value> {
    let mut names: Vec<&str> = KINDS.iter().map(|kind| kind.group).collect();
    names.dedup();
    let groups: Vec<Value> = names.into_iter().filter_map(describe).collect();
    Json(json!({ "kind": "APIGroupList", "apiVersion": "v1", "groups": groups }))
}

async fn group(Path(group): Path<String>) -> Result<Json<Value>, Refusal> {
    let mut group = describe(&group).ok_or_else(Refusal::no_path)?;
    group["kind"] = "APIGroup".into();
    group["apiVersion"] = "v1".into();
    Ok(Json(group))
}

/// Describes a group, unless it is the core group or unknown.
fn describe(group: &str) -> Option<Value> {
    let kind = KINDS
        .iter()
        .find(|kind| !kind.group.is_empty() && kind.group == group)?;
    let version = json!({ "groupVersion": kind.api_version(), "version": kind.version });
    Some(json!({ "name": group, "versions": [version.clone()], "preferredVersion": version }))
}

async fn core_resources(Path(version): Path<String>) -> Result<Json<Value>, Refusal> {
    list("", &version)
}

async fn resources(Path((group, version)): Path<(String, String)>) -> Result<Json<Value>, Refusal> {
    list(&group, &version)
}

fn list(group: &str, version: &str) -> Result<Json<Value>, Refusal> {
    let kinds = KINDS
        .iter()
        .filter(|kind| kind.group == group && kind.version == version);
    let resources: Vec<Value> = kinds.flat_map(of_kind).collect();
    let name = match group {
        "" => version.to_owned(),
        group => format!("{group}/{version}"),
    };
    match resources.is_empty() {
        true => Err(Refusal::no_path()),
        false => Ok(Json(json!({
            "kind": "APIResourceList",
            "apiVersion": "v1",
            "groupVersion": name,
            "resources": resources,
        }))),
    }
}

/// A kind as a resource, and its subresources.
fn of_kind(kind: &Kind) -> Vec<Value> {
    let verbs: &[&str] = match kind.writable {
        true => &[
            "create",
            "delete",
            "deletecollection",
            "get",
            "list",
            "patch",
            "update",
            "watch",
        ],
        false => &["get", "list", "watch"],
    };
    // Kubernetes, too, deletes Namespaces only one at a time.
    let verbs = verbs
        .iter()
        .filter(|verb| kind.namespaced || **verb != "deletecollection");
    let mut resources = vec![json!({
        "name": kind.plural,
        "singularName": kind.singular,
        "namespaced": kind.namespaced,
        "kind": kind.kind,
        "verbs": verbs.collect::<Vec<_>>(),
        "shortNames": kind.short,
        "categories": if kind.group.is_empty() && kind.plural != "pods" { json!([]) } else { json!(["all"]) },
    })];
    let verbs = ["get", "patch", "update"];
    if kind.scales {
        resources.push(json!({
            "name": format!("{}/scale", kind.plural),
            "singularName": "",
            "namespaced": true,
            "group": "autoscaling",
            "version": "v1",
            "kind": "Scale",
            "verbs": verbs,
        }));
    }
    if kind.has_status {
        resources.push(json!({
            "name": format!("{}/status", kind.plural),
            "singularName": "",
            "namespaced": kind.namespaced,
            "kind": kind.kind,
            "verbs": verbs,
        }));
    }
    resources
}
