//! What a cluster calls the kinds of the documents: one request for each API version in the manifest.

use std::collections::BTreeMap;

use http::Request;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{APIResource, APIResourceList};
use kube::Client;
use kube::core::{ApiResource, DynamicObject, GroupVersionKind, Request as Requests, Resource};

use crate::kubernetes::send::send;
use crate::kubernetes::{Document, Failure, Manifest, Reason};

/// The requests for one document of a manifest, in one cluster.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) requests: Requests,
    /// Where the document goes; `None` if its kind has no namespaces.
    pub(crate) namespace: Option<String>,
}

/// Asks a cluster for the kinds of the documents. Returns an entry for each document, in their order.
pub(crate) async fn discover(
    client: &Client,
    manifest: &Manifest,
    default_namespace: &str,
) -> Result<Vec<Found>, Failure> {
    let mut lists: BTreeMap<&str, Vec<APIResource>> = BTreeMap::new();
    let mut found = Vec::with_capacity(manifest.documents().len());
    for document in manifest.documents() {
        let version = document.api_version.as_str();
        if !lists.contains_key(version) {
            let asked = resources(client, version).await;
            let list = asked.map_err(|reason| Failure {
                document: None,
                reason,
            })?;
            lists.insert(version, list);
        }
        let resources = lists.get(version).into_iter().flatten();
        let fits = find(document, resources, default_namespace);
        found.push(fits.map_err(|why| Failure {
            document: Some(document.to_string()),
            reason: Reason::Unfit(why),
        })?);
    }
    Ok(found)
}

/// Returns the resources of an API version: none if the cluster doesn't have it.
async fn resources(client: &Client, version: &str) -> Result<Vec<APIResource>, Reason> {
    let path = match version.contains('/') {
        true => format!("/apis/{version}"),
        false => format!("/api/{version}"),
    };
    let request = Request::get(path).body(Vec::new());
    let request = request.map_err(|error| Reason::Invalid(format!("'{version}': {error}")))?;
    match send::<APIResourceList>(client, request).await {
        Ok(list) => Ok(list.resources),
        Err(Reason::Refused { status: 404, .. }) => Ok(Vec::new()),
        Err(reason) => Err(reason),
    }
}

fn find<'a>(
    document: &Document,
    mut resources: impl Iterator<Item = &'a APIResource>,
    default_namespace: &str,
) -> Result<Found, String> {
    let Document {
        api_version, kind, ..
    } = document;
    // A subresource, such as `deployments/status`, has its resource's kind.
    let of_the_kind =
        |resource: &&APIResource| resource.kind == *kind && !resource.name.contains('/');
    let resource = resources
        .find(of_the_kind)
        .ok_or_else(|| format!("the cluster has no kind {kind} in {api_version}"))?;
    if !resource.verbs.iter().any(|verb| verb == "patch") {
        return Err(format!("the cluster lets nobody apply a {kind}"));
    }
    let namespace = match (resource.namespaced, &document.namespace) {
        (true, Some(namespace)) => Some(namespace.clone()),
        (true, None) => Some(default_namespace.to_owned()),
        (false, None) => None,
        (false, Some(_)) => return Err(format!("a {kind} is in no namespace")),
    };
    let (group, version) = api_version.rsplit_once('/').unwrap_or(("", api_version));
    let kind = GroupVersionKind::gvk(group, version, kind);
    let kind = ApiResource::from_gvk_with_plural(&kind, &resource.name);
    let requests = Requests::new(DynamicObject::url_path(&kind, namespace.as_deref()));
    Ok(Found {
        requests,
        namespace,
    })
}
