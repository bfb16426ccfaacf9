//! A cluster: its state, and the service that answers its requests.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::header::CONTENT_LENGTH;
use axum::http::{Request, StatusCode};
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use tower::{BoxError, ServiceExt};

use crate::faults::{Fault, Faults};
use crate::load;
use crate::options::Options;
use crate::refusal::Refusal;
use crate::requests::{Counter, Requests};
use crate::store::Store;

/// A cluster in memory. Clones are the same cluster.
///
/// It is a [`tower::Service`], so a client can use it without a socket, on Tokio's paused clock, too:
/// `kube::Client::new(cluster, "default")`.
#[derive(Clone)]
pub struct Cluster {
    router: Router,
    counter: Counter,
    faults: Arc<Faults>,
}

/// The part of a cluster that all requests share.
pub(crate) struct State {
    pub(crate) store: Store,
    pub(crate) bookmarks: Duration,
    /// The number of identifiers given out.
    uids: AtomicU64,
}

impl State {
    /// Returns an identifier that no other object of the cluster has. It isn't random: nothing depends on that here,
    /// and two runs look the same.
    pub(crate) fn uid(&self) -> String {
        // Relaxed: the numbers need to be different, and nothing else.
        let number = self.uids.fetch_add(1, Relaxed) + 1;
        // The form of a random UUID, version 4.
        format!("00000000-0000-4000-8000-{number:012x}")
    }
}

impl Cluster {
    /// Makes a cluster. `options.listen` is not used.
    pub fn new(options: Options) -> Cluster {
        let state = Arc::new(State {
            store: Store::new(options.history),
            bookmarks: options.bookmarks,
            uids: AtomicU64::new(0),
        });
        load::load(&state, options.load);
        Cluster {
            router: crate::api::router(state),
            counter: Counter::default(),
            faults: Arc::new(options.faults),
        }
    }

    /// Returns the count of the requests that arrived until now.
    pub fn requests(&self) -> Requests {
        self.counter.so_far()
    }

    /// Counts the requests from 0 again, the tries of each request, too.
    pub fn reset_requests(&self) {
        self.counter.reset();
    }
}

impl fmt::Debug for Cluster {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cluster").finish_non_exhaustive()
    }
}

/// The connection was reset: a fault that the cluster was told to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reset;

impl fmt::Display for Reset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("connection reset")
    }
}

impl std::error::Error for Reset {}

impl<B> tower::Service<Request<B>> for Cluster
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    type Response = Response;
    type Error = Reset;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Reset>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Reset>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let (parts, body) = request.into_parts();
        let arrived = self.counter.arrive(&parts);
        let path = parts.uri.path();
        let (latency, fault) =
            (self.faults).decide(&arrived.request, &parts.method, path, arrived.tried);
        let router = self.router.clone();
        Box::pin(async move {
            // Moved in: the request is in flight until this future is dropped.
            let _arrived = arrived;
            if !latency.is_zero() {
                tokio::time::sleep(latency).await;
            }
            let request = Request::from_parts(parts, Body::new(body));
            let performed = async {
                let answer = router.oneshot(request).await;
                answer.unwrap_or_else(|never| match never {})
            };
            match fault {
                None => Ok(performed.await),
                Some(Fault::Slow(more)) => {
                    tokio::time::sleep(more).await;
                    Ok(performed.await)
                }
                Some(Fault::TooManyRequests(seconds)) => Ok(too_many(seconds)),
                Some(Fault::Error(status)) => Ok(failed(status)),
                Some(Fault::Hang) => std::future::pending().await,
                Some(Fault::Truncated) => Ok(truncated(performed.await).await),
                Some(Fault::Reset) => Err(Reset),
                Some(Fault::Lost) => {
                    performed.await;
                    Err(Reset)
                }
            }
        })
    }
}

fn too_many(seconds: u32) -> Response {
    let words = "the server has received too many requests and has asked us to try again later";
    Refusal::new(StatusCode::TOO_MANY_REQUESTS, "TooManyRequests", words)
        .retry_after(seconds)
        .into_response()
}

fn failed(status: u16) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let reason = match status {
        StatusCode::FORBIDDEN => "Forbidden",
        StatusCode::SERVICE_UNAVAILABLE => "ServiceUnavailable",
        StatusCode::GATEWAY_TIMEOUT => "Timeout",
        _ => "InternalError",
    };
    let words = format!("the server was told to fail: {status}");
    Refusal::new(status, reason, words).into_response()
}

/// Cuts the first part of the body in half, and ends it there.
async fn truncated(answer: Response) -> Response {
    let (mut parts, mut body) = answer.into_parts();
    let first = body.frame().await.and_then(Result::ok);
    let first = first
        .and_then(|frame| frame.into_data().ok())
        .unwrap_or_default();
    parts.headers.remove(CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(first.slice(..first.len() / 2)))
}
