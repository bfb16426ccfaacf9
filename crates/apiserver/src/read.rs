//! GET and LIST, in pages.

use std::sync::Arc;

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::kinds::Kind;
use crate::parameters::Parameters;
use crate::refusal::Refusal;
use crate::selectors::Selector;
use crate::store::{Key, Objects};
use crate::target::Target;

/// A page of objects of one kind.
pub(crate) struct List {
    pub(crate) kind: &'static Kind,
    pub(crate) items: Vec<Arc<Value>>,
    /// The list's `metadata`: the revision, and the start of the next page.
    pub(crate) metadata: Value,
}

/// Returns the object that the target names.
pub(crate) fn get(objects: &Objects, target: &Target) -> Result<Arc<Value>, Refusal> {
    let found = objects.get(&target.key());
    found.ok_or_else(|| Refusal::not_found(target.kind, target.name()))
}

/// Returns the page of objects that the parameters ask for. All pages of a list show the same revision.
pub(crate) fn list(
    objects: &Objects,
    target: &Target,
    parameters: &Parameters,
) -> Result<List, Refusal> {
    let kind = target.kind;
    let selector = Selector::parse(kind, &parameters.label_selector, &parameters.field_selector)?;
    let start = match parameters.from.as_str() {
        "" => None,
        token => Some(Start::parse(token)?),
    };
    let revision = match &start {
        Some(start) => start.revision,
        None => asked_for(objects, parameters)?,
    };
    let revision = revision.unwrap_or(objects.revision());
    let namespace = target.namespace.as_deref();
    let all = objects.of_at(kind, namespace, revision).ok_or_else(|| match &start {
        // A client that can live with it may go on from here, in the newest revision.
        Some(start) => {
            let words = "The provided continue parameter is too old to display a consistent list result. \
                         You can start a new list without the continue parameter, or use the continue token \
                         in this response to retrieve the remainder of the results.";
            let mut refusal = Refusal::expired(words);
            refusal.0.metadata.continue_ = Some(start.newest().to_string());
            refusal
        }
        None => Refusal::expired(format!("too old resource version: {revision}")),
    })?;
    let mut matching = all
        .into_iter()
        .filter(|(key, _)| start.as_ref().is_none_or(|start| start.is_before(key)))
        .filter(|(_, object)| selector.matches(object));
    let limit = parameters
        .limit
        .filter(|limit| *limit > 0)
        .unwrap_or(usize::MAX);
    let page: Vec<(Key, Arc<Value>)> = matching.by_ref().take(limit).collect();
    let left = matching.count();

    let mut metadata = json!({ "resourceVersion": revision.to_string() });
    if let Some((last, _)) = page.last().filter(|_| left > 0) {
        metadata["continue"] = Start::after(last, revision).to_string().into();
        // With a selector, Kubernetes doesn't count what is left, and clients know that.
        if selector.is_empty() {
            metadata["remainingItemCount"] = left.into();
        }
    }
    let items = page.into_iter().map(|(_, object)| object).collect();
    Ok(List {
        kind,
        items,
        metadata,
    })
}

/// The revision that the parameters insist on. `None` is the newest, which is not older than any that exists.
fn asked_for(objects: &Objects, parameters: &Parameters) -> Result<Option<u64>, Refusal> {
    let revision = revision(&parameters.resource_version)?.filter(|revision| *revision > 0);
    if let Some(revision) = revision.filter(|revision| *revision > objects.revision()) {
        return Err(too_large(objects, revision));
    }
    match parameters.resource_version_match.as_str() {
        "Exact" if revision.is_none() => Err(Refusal::bad_request(
            "resourceVersionMatch: Forbidden: \"Exact\" needs a resourceVersion other than \"0\"",
        )),
        "Exact" => Ok(revision),
        // With a limit and no match, clients have always got exactly the revision that they named.
        "" if parameters.limit.is_some() => Ok(revision),
        "" | "NotOlderThan" => Ok(None),
        other => Err(Refusal::bad_request(format!(
            "resourceVersionMatch: Unsupported value: {other:?}: \
             supported values: \"Exact\", \"NotOlderThan\""
        ))),
    }
}

/// The client names a revision that doesn't exist yet.
pub(crate) fn too_large(objects: &Objects, revision: u64) -> Refusal {
    let words = format!(
        "Too large resource version: {revision}, current: {}",
        objects.revision()
    );
    Refusal::new(StatusCode::GATEWAY_TIMEOUT, "Timeout", words)
        .cause("ResourceVersionTooLarge", "Too large resource version", "")
        .retry_after(1)
}

/// Parses a `resourceVersion`. An empty one is `None`.
pub(crate) fn revision(words: &str) -> Result<Option<u64>, Refusal> {
    match words {
        "" => Ok(None),
        _ => words.parse().map(Some).map_err(|_| {
            Refusal::bad_request(format!("resourceVersion: Invalid value: {words:?}"))
        }),
    }
}

/// Where a page starts: the token in a list's `continue`. Clients treat it as opaque.
struct Start {
    /// `None` is whatever is the newest then.
    revision: Option<u64>,
    namespace: String,
    name: String,
}

impl Start {
    fn after(last: &Key, revision: u64) -> Start {
        Start {
            revision: Some(revision),
            namespace: last.namespace.clone(),
            name: last.name.clone(),
        }
    }

    fn newest(&self) -> Start {
        Start {
            revision: None,
            namespace: self.namespace.clone(),
            name: self.name.clone(),
        }
    }

    fn parse(token: &str) -> Result<Start, Refusal> {
        let mut parts = token.splitn(3, '/');
        let mut next = || parts.next().map(str::to_owned);
        let mut parse = || {
            let revision = match next()?.as_str() {
                "newest" => None,
                number => Some(number.parse().ok()?),
            };
            Some(Start {
                revision,
                namespace: next()?,
                name: next()?,
            })
        };
        parse().ok_or_else(|| Refusal::bad_request("continue key is not valid"))
    }

    /// Whether the page has this key, or a later page.
    fn is_before(&self, key: &Key) -> bool {
        (&self.namespace, &self.name) < (&key.namespace, &key.name)
    }
}

impl std::fmt::Display for Start {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.revision {
            Some(revision) => write!(f, "{revision}")?,
            None => f.write_str("newest")?,
        }
        write!(f, "/{}/{}", self.namespace, self.name)
    }
}
