//! 10,000 operations by four clients at once, against a model that performs them one after the other.
//!
//! A watch says in which order the server performed the writes. The model performs them in that order, and each
//! answer has to be what the model says: for a write that succeeded at its revision, for the others at some revision
//! between the call and the answer.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::time::Duration;

use apiserver::{Cluster, Options};
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, Response};
use futures::StreamExt;
use oorandom::Rand32;
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::time::timeout;
use tower::ServiceExt;

const CLIENTS: u64 = 4;
const OPERATIONS: usize = 2_500;
const NAMES: [&str; 5] = ["a", "b", "c", "d", "e"];
const PATH: &str = "/api/v1/namespaces/default/configmaps";
/// A list that is empty, and so cheap. Revisions are those of the whole cluster.
const NOTHING: &str = "/api/v1/pods";
const DEADLINE: Duration = Duration::from_secs(60);

#[derive(Clone, Debug)]
enum Operation {
    Get,
    List,
    Create(String),
    /// With the revision that the client believes is the newest; `None` overwrites whatever is there.
    Update(String, Option<String>),
    Patch(String),
    Apply(String),
    Delete,
}

/// A call and its answer.
#[derive(Debug)]
struct Call {
    name: &'static str,
    operation: Operation,
    /// Every write that was answered before the call has at most this revision.
    earliest: u64,
    /// The newest revision after the answer.
    latest: u64,
    status: u16,
    answer: Value,
}

/// The model's view of an object.
#[derive(Clone, Debug, PartialEq)]
struct Known {
    value: String,
    revision: u64,
    uid: String,
}

type Model = BTreeMap<String, Known>;

async fn ask(cluster: &Cluster, method: Method, path: &str, body: Option<Value>) -> Response<Body> {
    let media = match (&method, path.contains("fieldManager")) {
        (&Method::PATCH, true) => "application/apply-patch+yaml",
        (&Method::PATCH, false) => "application/merge-patch+json",
        _ => "application/json",
    };
    let body = body.map_or(Body::empty(), |body| Body::from(body.to_string()));
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("content-type", media);
    cluster
        .clone()
        .oneshot(request.body(body).unwrap())
        .await
        .unwrap()
}

async fn read(response: Response<Body>) -> (u16, Value) {
    let status = response.status().as_u16();
    let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, serde_json::from_slice(&bytes).unwrap())
}

fn object(name: &str, value: &str, revision: Option<&String>) -> Value {
    let mut object = json!({
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": { "name": name },
        "data": { "value": value },
    });
    if let Some(revision) = revision {
        object["metadata"]["resourceVersion"] = revision.as_str().into();
    }
    object
}

fn revision(object: &Value) -> u64 {
    object["metadata"]["resourceVersion"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap()
}

fn known(object: &Value) -> Known {
    Known {
        value: object["data"]["value"].as_str().unwrap().to_owned(),
        revision: revision(object),
        uid: object["metadata"]["uid"].as_str().unwrap().to_owned(),
    }
}

/// Performs one client's operations.
async fn client(cluster: Cluster, number: u64, newest: Arc<AtomicU64>) -> Vec<Call> {
    let mut random = Rand32::new(number);
    let mut calls = Vec::new();
    let mut seen: BTreeMap<&str, String> = BTreeMap::new();
    for step in 0..OPERATIONS {
        let name = NAMES[random.rand_range(0..5) as usize];
        let value = format!("{number}-{step}");
        let operation = match random.rand_range(0..20) {
            0..3 => Operation::Get,
            3..5 => Operation::List,
            5..8 => Operation::Create(value),
            8..12 => Operation::Update(value, seen.get(name).cloned()),
            12 => Operation::Update(value, None),
            13..15 => Operation::Patch(value),
            15..17 => Operation::Apply(value),
            _ => Operation::Delete,
        };
        let one = format!("{PATH}/{name}");
        let applied = format!("{one}?fieldManager=model&force=true");
        let (method, path, body) = match &operation {
            Operation::Get => (Method::GET, one.as_str(), None),
            Operation::List => (Method::GET, PATH, None),
            Operation::Create(value) => (Method::POST, PATH, Some(object(name, value, None))),
            Operation::Update(value, at) => (
                Method::PUT,
                one.as_str(),
                Some(object(name, value, at.as_ref())),
            ),
            Operation::Patch(value) => (
                Method::PATCH,
                one.as_str(),
                Some(json!({ "data": { "value": value } })),
            ),
            Operation::Apply(value) => (
                Method::PATCH,
                applied.as_str(),
                Some(object(name, value, None)),
            ),
            Operation::Delete => (Method::DELETE, one.as_str(), None),
        };
        let earliest = newest.load(SeqCst);
        let (status, answer) = read(ask(&cluster, method.clone(), path, body).await).await;
        let written = status < 300 && answer["kind"] == "ConfigMap" && method != Method::GET;
        // A write's answer has its revision. After the others, any list has the newest.
        let latest = if written {
            let written = answer["metadata"]["resourceVersion"].as_str().unwrap();
            seen.insert(name, written.to_owned());
            revision(&answer)
        } else {
            let (_, list) = read(ask(&cluster, Method::GET, NOTHING, None).await).await;
            revision(&list)
        };
        newest.fetch_max(latest, SeqCst);
        calls.push(Call {
            name,
            operation,
            earliest,
            latest,
            status,
            answer,
        });
    }
    calls
}

/// Follows a watch until it has seen the last revision, which is known when the clients are done. Checks that each
/// change comes once and in order.
async fn follow(watch: Response<Body>, mut last: watch::Receiver<Option<u64>>) -> Vec<Value> {
    let mut lines = watch.into_body().into_data_stream();
    let mut events: Vec<Value> = Vec::new();
    loop {
        let seen = events.last().map(|event| revision(&event["object"]));
        let end = *last.borrow_and_update();
        if end.is_some() && seen >= end {
            return events;
        }
        let line = tokio::select! {
            line = timeout(DEADLINE, lines.next()) => line.expect("an event").unwrap().unwrap(),
            Ok(()) = last.changed() => continue,
        };
        let event: Value = serde_json::from_slice(&line).unwrap();
        assert_ne!(event["type"], "ERROR", "{event}");
        if let Some(seen) = seen {
            assert_eq!(revision(&event["object"]), seen + 1);
        }
        events.push(event);
    }
}

/// The model's answer to an operation: the status, and the new state of the object if it is a write that succeeds.
fn perform(model: &Model, call: &Call, revision: u64) -> (u16, Option<Option<Known>>) {
    let old = model.get(call.name);
    let new = |value: &String| {
        // The uid of a new object is the server's choice.
        let uid = match old {
            Some(old) => old.uid.clone(),
            None => call.answer["metadata"]["uid"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
        };
        let value = value.clone();
        Some(Some(Known {
            value,
            revision,
            uid,
        }))
    };
    match (&call.operation, old) {
        (Operation::Get, Some(_)) | (Operation::List, _) => (200, None),
        (Operation::Create(_), Some(_)) => (409, None),
        (Operation::Create(value) | Operation::Apply(value), None) => (201, new(value)),
        (_, None) => (404, None),
        (Operation::Update(_, Some(at)), Some(old)) if *at != old.revision.to_string() => {
            (409, None)
        }
        (
            Operation::Update(value, _) | Operation::Patch(value) | Operation::Apply(value),
            Some(_),
        ) => (200, new(value)),
        (Operation::Delete, Some(_)) => (200, Some(None)),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn four_clients_at_once_see_what_a_sequential_model_says() {
    let cluster = Cluster::new(Options {
        history: 20_000,
        ..Options::default()
    });
    let (_, list) = read(ask(&cluster, Method::GET, PATH, None).await).await;
    let start = revision(&list);
    let path = format!("{PATH}?watch=1&resourceVersion={start}");
    let (done, last) = watch::channel(None);
    let early = ask(&cluster, Method::GET, &path, None).await;
    let early = tokio::spawn(follow(early, last.clone()));
    let newest = Arc::new(AtomicU64::new(start));
    let clients: Vec<_> = (0..CLIENTS)
        .map(|number| tokio::spawn(client(cluster.clone(), number, newest.clone())))
        .collect();
    let mut calls = Vec::new();
    for client in clients {
        calls.extend(client.await.unwrap());
    }
    done.send_replace(Some(newest.load(SeqCst)));
    let late = ask(&cluster, Method::GET, &path, None).await;
    let events = follow(late, last).await;
    assert_eq!(
        early.await.unwrap(),
        events,
        "a watch during the writes, and one after them"
    );
    assert_eq!(revision(&events[0]["object"]), start + 1);

    // The call that made each change: by the revision in its answer; for a deletion by the uid.
    let mut writers: BTreeMap<u64, &Call> = BTreeMap::new();
    let deletions: BTreeMap<&str, u64> = events
        .iter()
        .filter(|event| event["type"] == "DELETED")
        .map(|event| {
            (
                event["object"]["metadata"]["uid"].as_str().unwrap(),
                revision(&event["object"]),
            )
        })
        .collect();
    for call in calls.iter().filter(|call| call.status < 300) {
        let at = match call.operation {
            Operation::Get | Operation::List => continue,
            Operation::Delete => deletions[call.answer["details"]["uid"].as_str().unwrap()],
            _ => revision(&call.answer),
        };
        assert!(
            writers.insert(at, call).is_none(),
            "two calls made the change {at}"
        );
    }

    // The model performs the writes in the order of their revisions.
    let mut models = vec![Model::new()];
    for event in &events {
        let at = revision(&event["object"]);
        let call = writers[&at];
        let mut model = models.last().unwrap().clone();
        let (status, new) = perform(&model, call, at);
        assert_eq!(status, call.status, "{call:?}");
        let name = call.name.to_owned();
        let kind = match (&new, model.get(&name)) {
            (Some(Some(_)), None) => "ADDED",
            (Some(Some(_)), Some(_)) => "MODIFIED",
            _ => "DELETED",
        };
        assert_eq!(event["type"], kind, "{call:?}");
        match new.expect("a write that succeeded") {
            Some(new) => {
                assert_eq!(known(&event["object"]), new);
                assert_eq!(known(&call.answer), new);
                model.insert(name, new);
            }
            None => drop(model.remove(&name)),
        }
        assert!(call.earliest < at && at <= call.latest, "{call:?}");
        models.push(model);
    }
    assert_eq!(writers.len(), events.len());

    // Every other answer was right at some revision between the call and the answer.
    let at = |revision: u64| &models[usize::try_from(revision - start).unwrap()];
    let mut refused = 0;
    for call in &calls {
        let mut between = (call.earliest..=call.latest).map(at);
        let right = match (&call.operation, call.status) {
            (Operation::List, _) => {
                let items = call.answer["items"].as_array().unwrap().iter();
                let items = items.map(|item| {
                    (
                        item["metadata"]["name"].as_str().unwrap().to_owned(),
                        known(item),
                    )
                });
                let listed = revision(&call.answer);
                (call.earliest..=call.latest).contains(&listed)
                    && items.collect::<Model>() == *at(listed)
            }
            (Operation::Get, 200) => {
                let got = known(&call.answer);
                between.any(|model| model.get(call.name) == Some(&got))
            }
            (_, 200 | 201) => true,
            (_, status) => {
                refused += 1;
                between.any(|model| perform(model, call, 0).0 == status)
            }
        };
        assert!(right, "no revision explains {call:?}");
    }
    assert_eq!(calls.len(), 10_000);
    assert!(refused > 1_000, "only {refused} calls were refused");
}
