//! One request and its answer. Nothing is tried again here.

use std::time::Duration;

use http::header::RETRY_AFTER;
use http::{HeaderMap, Request};
use http_body_util::BodyExt;
use kube::Client;
use kube::client::Body;
use kube::core::Status;
use serde::de::DeserializeOwned;

use crate::kubernetes::{Conflict, Reason};

/// The reason of a cause that Kubernetes gives if somebody else owns a field.
const CONFLICT: &str = "FieldManagerConflict";

/// Sends a request, and returns what it is answered with.
pub(crate) async fn send<T: DeserializeOwned>(
    client: &Client,
    request: Request<Vec<u8>>,
) -> Result<T, Reason> {
    let sent = client.send(request.map(Body::from)).await;
    let (head, body) = sent.map_err(lost)?.into_parts();
    let body = body.collect().await.map_err(lost)?.to_bytes();
    if head.status.is_success() {
        return serde_json::from_slice(&body).map_err(|error| Reason::Garbled(error.to_string()));
    }
    let status: Option<Status> = serde_json::from_slice(&body).ok();
    let conflicts = status.as_ref().map(conflicts).unwrap_or_default();
    if !conflicts.is_empty() {
        return Err(Reason::Conflicts(conflicts));
    }
    let message = status.map(|status| one_line(&status.message));
    let canonical = head.status.canonical_reason().unwrap_or_default();
    Err(Reason::Refused {
        status: head.status.as_u16(),
        message: message
            .filter(|words| !words.is_empty())
            .unwrap_or(canonical.to_owned()),
        retry_after: retry_after(&head.headers),
    })
}

/// Returns the fields that others own.
// ANCHOR: conflicts
fn conflicts(status: &Status) -> Vec<Conflict> {
    let causes = status.details.iter().flat_map(|details| &details.causes);
    let conflicts = causes.filter(|cause| cause.reason == CONFLICT);
    let named = conflicts.map(|cause| Conflict {
        field: cause.field.clone(),
        owner: cause
            .message
            .trim_start_matches("conflict with ")
            .to_owned(),
    });
    named.collect()
}
// ANCHOR_END: conflicts

fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?;
    seconds.parse().ok().map(Duration::from_secs)
}

/// A server may say several lines. A report has one for each cluster.
fn one_line(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns what the source of an error says: the connection, not the layers above it.
fn lost(error: impl std::error::Error) -> Reason {
    let mut words = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        words = error.to_string();
        source = error.source();
    }
    Reason::Lost(one_line(&words))
}
