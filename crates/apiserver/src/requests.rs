//! The count of the requests that arrived.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::Method;
use axum::http::request::Parts;

use crate::parameters::Parameters;
use crate::target::Target;

/// The requests that arrived at a server until now, those that failed and those that hang included.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Requests {
    by: BTreeMap<(String, String), u64>,
    tries: BTreeMap<String, u64>,
    in_flight: u64,
    most_in_flight: u64,
}

impl Requests {
    /// The number of requests.
    pub fn total(&self) -> u64 {
        self.by.values().sum()
    }

    /// The number of requests with one of Kubernetes' verbs (`get`, `list`, `watch`, `create`, `update`, `patch`,
    /// `delete`, `deletecollection`) for a resource (`deployments`, `deployments/scale`). Discovery is `get` with
    /// its path for a resource.
    pub fn count(&self, verb: &str, resource: &str) -> u64 {
        let key = (verb.to_owned(), resource.to_owned());
        self.by.get(&key).copied().unwrap_or_default()
    }

    /// All counts, by verb and resource.
    pub fn counts(&self) -> impl Iterator<Item = (&str, &str, u64)> {
        let counts = self.by.iter();
        counts.map(|((verb, resource), count)| (verb.as_str(), resource.as_str(), *count))
    }

    /// The number of tries of each request, by `METHOD path?query`.
    pub fn tries(&self) -> impl Iterator<Item = (&str, u64)> {
        self.tries
            .iter()
            .map(|(request, tries)| (request.as_str(), *tries))
    }

    /// The largest number of requests that were without an answer at the same time. A watch is answered when it starts.
    pub fn most_in_flight(&self) -> u64 {
        self.most_in_flight
    }
}

/// Counts requests as they arrive.
#[derive(Clone, Default)]
pub(crate) struct Counter(Arc<Mutex<Requests>>);

/// A request that has been counted. Dropping it says that the request was answered, or that its client has gone.
pub(crate) struct Arrived {
    counter: Counter,
    /// `METHOD path?query`.
    pub(crate) request: String,
    /// 1 for the first try.
    pub(crate) tried: u64,
}

impl Counter {
    /// Counts a request.
    pub(crate) fn arrive(&self, parts: &Parts) -> Arrived {
        let path = parts.uri.path();
        let query = parts.uri.query().map(|query| format!("?{query}"));
        let request = format!("{} {path}{}", parts.method, query.unwrap_or_default());
        let key = match Target::parse(path) {
            Some(target) => (verb(parts, &target).to_owned(), resource(&target)),
            None => (parts.method.as_str().to_ascii_lowercase(), path.to_owned()),
        };
        let mut requests = self.lock();
        *requests.by.entry(key).or_default() += 1;
        requests.in_flight += 1;
        requests.most_in_flight = requests.most_in_flight.max(requests.in_flight);
        let tries = requests.tries.entry(request.clone()).or_default();
        *tries += 1;
        let tried = *tries;
        drop(requests);
        Arrived {
            counter: self.clone(),
            request,
            tried,
        }
    }

    /// Returns the counts until now.
    pub(crate) fn so_far(&self) -> Requests {
        self.lock().clone()
    }

    /// Starts again at 0. Requests in flight stay in flight.
    pub(crate) fn reset(&self) {
        let mut requests = self.lock();
        let in_flight = requests.in_flight;
        *requests = Requests {
            in_flight,
            most_in_flight: in_flight,
            ..Requests::default()
        };
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Requests> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Arrived {
    fn drop(&mut self) {
        self.counter.lock().in_flight -= 1;
    }
}

/// The verb that Kubernetes uses for the request.
fn verb(parts: &Parts, target: &Target) -> &'static str {
    let one = target.name.is_some();
    match parts.method {
        Method::POST => "create",
        Method::PUT => "update",
        Method::PATCH => "patch",
        Method::DELETE if one => "delete",
        Method::DELETE => "deletecollection",
        _ if Parameters::parse(parts).is_ok_and(|parameters| parameters.watch()) => "watch",
        _ if one => "get",
        _ => "list",
    }
}

fn resource(target: &Target) -> String {
    match target.part.name() {
        "" => target.kind.plural.to_owned(),
        part => format!("{}/{part}", target.kind.plural),
    }
}
