//! WATCH: the changes of the objects that a client asks for, each once and in order.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::stream;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep_until};

use crate::answer::Shape;
use crate::cluster::State;
use crate::parameters::Parameters;
use crate::read;
use crate::refusal::Refusal;
use crate::selectors::Selector;
use crate::store::Change;
use crate::target::Target;

/// The length of a watch if the client names none.
const TIMEOUT: Duration = Duration::from_secs(30 * 60);

/// The annotation of the bookmark that ends the initial events.
const INITIAL_EVENTS_END: &str = "k8s.io/initial-events-end";

/// One client's watch. It holds no queue of changes: it knows how far it has got, and reads on in the store's log.
struct Watch {
    state: Arc<State>,
    target: Target,
    selector: Selector,
    shape: Shape,
    /// Everything up to this revision has been sent, or is in `ready`.
    seen: u64,
    /// Events to send next.
    ready: VecDeque<Value>,
    /// When the next bookmark is due, if the client wants any.
    bookmark: Option<Instant>,
    end: Instant,
    over: bool,
}

/// Starts a watch. If the revision is too old, the answer is an event with the status 410, as Kubernetes sends it.
pub(crate) fn start(
    state: &Arc<State>,
    target: Target,
    parameters: &Parameters,
    shape: Shape,
) -> Result<Response, Refusal> {
    let selector = Selector::parse(
        target.kind,
        &parameters.label_selector,
        &parameters.field_selector,
    )?;
    let revision = read::revision(&parameters.resource_version)?.filter(|revision| *revision > 0);
    let now = Instant::now();
    let timeout = parameters.timeout_seconds.filter(|seconds| *seconds > 0);
    let mut watch = Watch {
        state: state.clone(),
        target,
        selector,
        shape,
        seen: 0,
        ready: VecDeque::new(),
        bookmark: parameters.bookmarks().then(|| now + state.bookmarks),
        end: now + timeout.map_or(TIMEOUT, Duration::from_secs),
        over: false,
    };
    let objects = state.store.lock();
    if let Some(revision) = revision.filter(|revision| *revision > objects.revision()) {
        return Err(read::too_large(&objects, revision));
    }
    match revision {
        Some(revision) if !parameters.initial_events() => watch.seen = revision,
        _ => {
            // "Start at most recent": what is there comes first, as if it had just been created.
            watch.seen = objects.revision();
            let namespace = watch.target.namespace.as_deref();
            for (_, object) in objects.of(watch.target.kind, namespace) {
                if watch.selector.matches(&object) {
                    let event = watch.event("ADDED", &object);
                    watch.ready.push_back(event);
                }
            }
            if parameters.initial_events() && parameters.bookmarks() {
                let annotations = json!({ INITIAL_EVENTS_END: "true" });
                let bookmark = watch.bookmark_event(Some(annotations));
                watch.ready.push_back(bookmark);
            }
        }
    }
    drop(objects);
    let lines = stream::unfold(watch, async |mut watch| {
        let line = watch.next().await?;
        Some((Ok::<_, std::convert::Infallible>(line), watch))
    });
    Ok((
        [(CONTENT_TYPE, "application/json")],
        Body::from_stream(lines),
    )
        .into_response())
}

impl Watch {
    /// Returns the next event as a line, or `None` at the end.
    async fn next(&mut self) -> Option<Bytes> {
        let mut newest = self.state.store.newest();
        loop {
            if let Some(event) = self.ready.pop_front() {
                let mut line = event.to_string();
                line.push('\n');
                return Some(line.into());
            }
            if self.over {
                return None;
            }
            // Before the log is read: a change after this is announced below.
            newest.mark_unchanged();
            self.read_on();
            if !self.ready.is_empty() || self.over {
                continue;
            }
            let bookmark = self.bookmark.unwrap_or(self.end);
            tokio::select! {
                biased;
                // Never an error: this watch holds the store, and the store announces.
                _ = newest.changed() => {}
                () = sleep_until(self.end) => {
                    self.over = true;
                    if self.bookmark.is_some() {
                        self.ready.push_back(self.bookmark_event(None));
                    }
                }
                () = sleep_until(bookmark) => {
                    self.ready.push_back(self.bookmark_event(None));
                    self.bookmark = Some(bookmark + self.state.bookmarks);
                }
            }
        }
    }

    /// Makes events of the changes that the watch hasn't seen.
    fn read_on(&mut self) {
        let objects = self.state.store.lock();
        let Some(changes) = objects.since(self.seen) else {
            let status = Refusal::expired(format!(
                "too old resource version: {} ({})",
                self.seen,
                objects.revision()
            ));
            let status = serde_json::to_value(&status.0).expect("a Status is JSON");
            self.ready
                .push_back(json!({ "type": "ERROR", "object": status }));
            self.over = true;
            return;
        };
        let events: Vec<Value> = changes.filter_map(|change| self.event_of(change)).collect();
        self.ready.extend(events);
        self.seen = objects.revision();
    }

    /// Turns a change into the event for this client. To a client with a selector, an object that stops matching is
    /// deleted.
    fn event_of(&self, change: &Change) -> Option<Value> {
        let namespace = self.target.namespace.as_deref();
        if change.key.plural != self.target.kind.plural
            || namespace.is_some_and(|namespace| namespace != change.key.namespace)
        {
            return None;
        }
        let matching = |object: &&Arc<Value>| self.selector.matches(object);
        let before = change.before.as_ref().filter(matching);
        let after = change.after.as_ref().filter(matching);
        match (before, after) {
            (None, None) => None,
            (None, Some(object)) => Some(self.event("ADDED", object)),
            (Some(_), Some(object)) => Some(self.event("MODIFIED", object)),
            (Some(object), None) => {
                // The last state, at the revision at which it was deleted or stopped matching.
                let mut object = Value::clone(object);
                object["metadata"]["resourceVersion"] = change.revision.to_string().into();
                Some(self.event("DELETED", &object))
            }
        }
    }

    fn event(&self, kind: &str, object: &Value) -> Value {
        json!({ "type": kind, "object": self.shape.of_one(self.target.kind, object) })
    }

    /// An event that says how far the watch has got, and nothing else.
    fn bookmark_event(&self, annotations: Option<Value>) -> Value {
        let mut metadata = json!({ "resourceVersion": self.seen.to_string() });
        if let Some(annotations) = annotations {
            metadata["annotations"] = annotations;
        }
        let object = self.shape.of_bookmark(self.target.kind, &metadata);
        json!({ "type": "BOOKMARK", "object": object })
    }
}
