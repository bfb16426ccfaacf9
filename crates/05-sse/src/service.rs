//! The broker behind HTTP: an axum router.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::Json;
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, Request, State};
use axum::http::header::{CACHE_CONTROL, CONNECTION, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use http_body::Frame;
use serde::{Deserialize, Serialize};
use tokio::time::timeout;

use crate::broker::{self, Broker, Subscription};
use crate::event::Message;
use crate::{Closed, Receipt, SubscribeError};

/// The size limit of a request's body in bytes.
pub const MAX_BODY: usize = 1 << 20;

/// The time limit of a request's body.
const BODY_TIMEOUT: Duration = Duration::from_secs(30);

/// Returns a router with four routes:
///
/// - `GET /` returns a page that shows the stream.
/// - `GET /events` returns the stream. It resumes after the id in the header `Last-Event-ID` or in
///   `?last_event_id=`.
/// - `POST /publish` with `{"event"?: string, "data": string}` publishes a message, and returns the event's id and
///   the number of clients that it was queued for.
/// - `GET /stats` returns [`Stats`](crate::broker::Stats) as JSON.
///
/// Any other request, and bad input, gets a 4xx status and `{"error": …}` with the reason.
pub fn router<B: Served>(broker: B) -> Router {
    Router::new()
        .route("/", get(page))
        .route("/events", get(events::<B>))
        .route("/publish", post(publish::<B>))
        .route("/stats", get(stats::<B>))
        .fallback(nothing_here)
        .method_not_allowed_fallback(wrong_method)
        .with_state(broker)
}

/// A broker that can be served.
pub trait Served: Clone + Send + Sync + 'static {
    /// What a publisher gets in return.
    type Receipt: Serialize;
    /// The broker's figures.
    type Stats: Serialize;

    /// Registers a client.
    fn subscribe(
        &self,
        last: Option<&str>,
    ) -> impl Future<Output = Result<Subscription, SubscribeError>> + Send;

    /// Publishes a message, under the publisher's own key if there is one.
    fn publish(
        &self,
        message: Message,
        key: Option<&str>,
    ) -> impl Future<Output = Result<Self::Receipt, Refusal>> + Send;

    /// Sends a comment that shows that the connection is alive.
    fn heartbeat(&self) -> impl Future<Output = Result<(), Closed>> + Send;

    /// Ends every subscription.
    fn shutdown(&self) -> impl Future<Output = ()> + Send;

    /// Returns the figures.
    fn stats(&self) -> Self::Stats;
}

/// Why a message was refused: a status and words.
pub type Refusal = (StatusCode, String);

impl Served for Broker {
    type Receipt = Published;
    type Stats = broker::Stats;

    async fn subscribe(&self, last: Option<&str>) -> Result<Subscription, SubscribeError> {
        self.subscribe(last).await
    }

    /// Publishes the message. A key changes nothing: this broker alone answers, and it answers at once.
    async fn publish(&self, message: Message, _: Option<&str>) -> Result<Published, Refusal> {
        match self.publish(message).await {
            Ok(Receipt { id, clients }) => Ok(Published { id, clients }),
            Err(Closed) => Err((StatusCode::SERVICE_UNAVAILABLE, Closed.to_string())),
        }
    }

    async fn heartbeat(&self) -> Result<(), Closed> {
        self.heartbeat().await
    }

    async fn shutdown(&self) {
        self.shutdown().await;
    }

    fn stats(&self) -> broker::Stats {
        self.stats()
    }
}

async fn page() -> Html<&'static str> {
    Html(include_str!("page.html"))
}

#[derive(Deserialize)]
struct Resume {
    last_event_id: Option<String>,
}

async fn events<B: Served>(
    State(broker): State<B>,
    resume: Result<Query<Resume>, QueryRejection>,
    headers: HeaderMap,
) -> Response {
    let Query(resume) = match resume {
        Ok(resume) => resume,
        Err(rejection) => return refused(StatusCode::BAD_REQUEST, rejection.body_text()),
    };
    // The header wins: a browser that comes back sends it along with the address that it was first given.
    let header = headers
        .get("last-event-id")
        .map(|id| String::from_utf8_lossy(id.as_bytes()).into_owned());
    let last = header.filter(|id| !id.is_empty());
    let last = last.or(resume.last_event_id.filter(|id| !id.is_empty()));
    match broker.subscribe(last.as_deref()).await {
        Ok(subscription) => stream(subscription).into_response(),
        Err(error) => refused(StatusCode::SERVICE_UNAVAILABLE, error.to_string()),
    }
}

/// Returns the stream, with headers that keep proxies from caching, changing or delaying it.
fn stream(subscription: Subscription) -> impl IntoResponse {
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("text/event-stream")),
        (
            CACHE_CONTROL,
            HeaderValue::from_static("no-store, no-transform"),
        ),
        (
            HeaderName::from_static("x-accel-buffering"),
            HeaderValue::from_static("no"),
        ),
        // The connection ends with the stream: no client keeps a socket without a slot.
        (CONNECTION, HeaderValue::from_static("close")),
    ];
    let body = Stream {
        retry: Some(retry()),
        subscription,
    };
    (headers, Body::new(body))
}

/// Returns the field that sets the delay in milliseconds before a browser comes back. The delay is random, so that
/// clients don't all come back at once after a restart.
fn retry() -> Bytes {
    use std::hash::{BuildHasher, RandomState};
    let random = RandomState::new().hash_one(());
    format!("retry: {}\n\n", 1_000 + random % 4_000).into()
}

/// A response body with a subscription's events, one per frame.
struct Stream {
    retry: Option<Bytes>,
    subscription: Subscription,
}

impl http_body::Body for Stream {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if let Some(retry) = self.retry.take() {
            return Poll::Ready(Some(Ok(Frame::data(retry))));
        }
        let event = ready!(self.subscription.poll_next(context));
        Poll::Ready(event.map(|event| Ok(Frame::data(event.frame.clone()))))
    }
}

/// The body of `POST /publish`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Publish {
    event: Option<String>,
    data: String,
}

/// The answer to `POST /publish`.
#[derive(Debug, Serialize)]
pub struct Published {
    id: String,
    clients: usize,
}

async fn publish<B: Served>(State(broker): State<B>, request: Request) -> Response {
    let key = request.headers().get("idempotency-key").cloned();
    // A key that is no text is no key that a broker takes.
    let key = key.as_ref().map(|key| key.to_str().unwrap_or(""));
    let published = async { broker.publish(message(request).await?, key).await };
    match published.await {
        Ok(receipt) => Json(receipt).into_response(),
        Err((status, words)) => refused(status, words),
    }
}

/// Returns the message in a request, or the status and the reason for refusing it.
async fn message(request: Request) -> Result<Message, Refusal> {
    let bad = |words: String| (StatusCode::BAD_REQUEST, words);
    let content_type = request.headers().get(CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok());
    let media_type = content_type.map(|value| value.split(';').next().unwrap_or_default().trim());
    if !media_type.is_some_and(|media_type| media_type.eq_ignore_ascii_case("application/json")) {
        let words = "send the message as JSON, with Content-Type: application/json";
        return Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, words.to_owned()));
    }
    let body = timeout(BODY_TIMEOUT, to_bytes(request.into_body(), MAX_BODY)).await;
    let body = body.map_err(|_| {
        let words = format!(
            "the body was not complete after {} s",
            BODY_TIMEOUT.as_secs()
        );
        (StatusCode::REQUEST_TIMEOUT, words)
    })?;
    let body = body.map_err(|error| {
        let length = std::error::Error::source(&error);
        match length.is_some_and(|cause| cause.is::<http_body_util::LengthLimitError>()) {
            true => {
                let words = format!("the body is longer than {MAX_BODY} bytes");
                (StatusCode::PAYLOAD_TOO_LARGE, words)
            }
            false => bad(format!("the body can't be read: {error}")),
        }
    })?;
    let publish = parse(&body).map_err(bad)?;
    let message = Message::new(publish.data);
    match publish.event {
        None => Ok(message),
        Some(name) => message.named(name).map_err(|error| bad(error.to_string())),
    }
}

/// Parses a JSON object, and nothing else: serde would take an array's elements for the fields, too.
fn parse(body: &[u8]) -> Result<Publish, String> {
    let usage =
        r#"send a JSON object such as {"data": "hello"} or {"event": "tick", "data": "hello"}"#;
    if !body.trim_ascii_start().starts_with(b"{") {
        return Err(usage.to_owned());
    }
    serde_json::from_slice(body).map_err(|error| format!("{usage}: {error}"))
}

async fn stats<B: Served>(State(broker): State<B>) -> Response {
    Json(broker.stats()).into_response()
}

async fn nothing_here(request: Request) -> Response {
    let words = format!(
        "there is no {}; the paths are /, /events, /publish and /stats",
        request.uri().path()
    );
    refused(StatusCode::NOT_FOUND, words)
}

async fn wrong_method(request: Request) -> Response {
    let words = format!(
        "{} doesn't accept {}; use POST for /publish, and GET for the other paths",
        request.uri().path(),
        request.method()
    );
    refused(StatusCode::METHOD_NOT_ALLOWED, words)
}

fn refused(status: StatusCode, words: String) -> Response {
    #[derive(Serialize)]
    struct Refused {
        error: String,
    }
    let mut response = (status, Json(Refused { error: words })).into_response();
    if status == StatusCode::SERVICE_UNAVAILABLE {
        let seconds = HeaderValue::from_static("5");
        response.headers_mut().insert(RETRY_AFTER, seconds);
    }
    response
}

/// Sends a heartbeat at this interval until the broker shuts down.
pub async fn heartbeats(broker: impl Served, every: Duration) {
    let mut ticks = tokio::time::interval(every);
    ticks.tick().await; // the first tick is immediate
    loop {
        ticks.tick().await;
        if broker.heartbeat().await.is_err() {
            return;
        }
    }
}
