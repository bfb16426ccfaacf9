//! Calls of the API, each tried until it succeeds, cannot succeed, or meets the deadline.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use http::header::RETRY_AFTER;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use kube::Client;
use kube::client::Body;
use kube::core::Status;
use serde::de::DeserializeOwned;
use tokio::time::{Instant, timeout};

use crate::{Cause, Failure, Limits};

/// How often a call may fail without a word about when to come back.
const MOST_FAILURES: u32 = 5;

/// Calls with a common deadline.
#[derive(Clone)]
pub(crate) struct Calls {
    client: Client,
    deadline: Instant,
    /// How long one try may take.
    patience: Duration,
    tries: Arc<AtomicU64>,
}

// ANCHOR: backoff
/// Waits that double, with jitter: each is up to twice as long.
pub(crate) fn backoff() -> ExponentialBuilder {
    ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(100))
        .with_max_delay(Duration::from_secs(2))
        .with_factor(2.0)
        .with_jitter()
        .without_max_times()
}
// ANCHOR_END: backoff

impl Calls {
    /// Returns calls whose deadline counts from now.
    pub(crate) fn new(client: &Client, limits: Limits) -> Calls {
        Calls {
            client: client.clone(),
            deadline: Instant::now() + limits.deadline,
            patience: limits.deadline / 4,
            tries: Arc::default(),
        }
    }

    /// Returns how many requests were sent.
    pub(crate) fn tries(&self) -> u64 {
        // Relaxed: the caller has the results of all calls, which publish more than this.
        self.tries.load(Relaxed)
    }

    /// Sends a request, and returns what it is answered with.
    ///
    /// If a try fails and another one may succeed, waits and tries again: after the time that the server asks for, plus
    /// a jittered backoff. A wait that would pass the deadline isn't begun.
    // ANCHOR: send
    pub(crate) async fn send<T: DeserializeOwned>(
        &self,
        request: Result<Request<Vec<u8>>, kube::core::request::Error>,
    ) -> Result<T, Failure> {
        // Relaxed, both: only this future uses them.
        let tries = AtomicU32::new(0);
        let mut failures = 0;
        let result = (|| self.try_once(&request, &tries))
            .retry(backoff())
            .when(Cause::is_transient)
            .adjust(|cause, backoff| {
                let asked = cause.retry_after();
                failures += u32::from(asked.is_none());
                let wait = backoff? + asked.unwrap_or_default();
                let in_time = wait < self.deadline - Instant::now();
                (in_time && failures < MOST_FAILURES).then_some(wait)
            })
            .await;
        result.map_err(|cause| Failure {
            cause,
            tries: tries.into_inner(),
        })
    }
    // ANCHOR_END: send

    async fn try_once<T: DeserializeOwned>(
        &self,
        request: &Result<Request<Vec<u8>>, kube::core::request::Error>,
        tries: &AtomicU32,
    ) -> Result<T, Cause> {
        let request = match request {
            Ok(request) => request.clone().map(Body::from),
            Err(error) => return Err(Cause::Invalid(error.to_string())),
        };
        let left = self.deadline - Instant::now();
        if left.is_zero() {
            return Err(Cause::Deadline);
        }
        // Relaxed: see `send` and `tries`.
        tries.fetch_add(1, Relaxed);
        self.tries.fetch_add(1, Relaxed);
        match timeout(self.patience.min(left), answer(&self.client, request)).await {
            Ok(answer) => answer,
            Err(_) if left <= self.patience => Err(Cause::Deadline),
            Err(_) => Err(Cause::Late(self.patience)),
        }
    }
}

/// Sends a request once.
async fn answer<T: DeserializeOwned>(client: &Client, request: Request<Body>) -> Result<T, Cause> {
    let (head, body) = client.send(request).await.map_err(lost)?.into_parts();
    let body = body.collect().await.map_err(lost)?.to_bytes();
    if head.status.is_success() {
        return serde_json::from_slice(&body).map_err(|error| Cause::Garbled(error.to_string()));
    }
    let status: Option<Status> = serde_json::from_slice(&body).ok();
    Err(Cause::Refused {
        status: head.status.as_u16(),
        message: match status {
            Some(status) if !status.message.is_empty() => status.message,
            _ => head
                .status
                .canonical_reason()
                .unwrap_or_default()
                .to_owned(),
        },
        retry_after: retry_after(head.status, &head.headers),
    })
}

/// Returns how long the server wants to be left alone before the request is tried again.
pub(crate) fn retry_after(status: StatusCode, headers: &HeaderMap) -> Option<Duration> {
    if status.is_success() {
        return None;
    }
    let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?;
    seconds.parse().ok().map(Duration::from_secs)
}

/// Returns what an error says, down to its source.
pub(crate) fn lost(error: impl std::error::Error) -> Cause {
    let mut words = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        let more = error.to_string();
        if !words.contains(&more) {
            words = format!("{words}: {more}");
        }
        source = error.source();
    }
    Cause::Lost(words)
}
