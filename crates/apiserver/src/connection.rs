//! One connection: TLS, the token, HTTP, and a reset if the cluster was told to.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use axum::http::Request;
use axum::http::header::AUTHORIZATION;
use axum::response::IntoResponse;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use ring::digest::{Digest, SHA256, digest};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

use crate::cluster::Cluster;
use crate::refusal::Refusal;
use crate::resettable::Resettable;

/// The time limit of the TLS handshake.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// The checks that a connection has to pass, and the cluster behind them.
#[derive(Clone)]
pub(crate) struct Door {
    pub(crate) cluster: Cluster,
    pub(crate) acceptor: Option<TlsAcceptor>,
    /// The digest of the value that the header `Authorization` must have. Comparing digests takes the same time however
    /// much of a guess is right.
    pub(crate) authorization: Option<Digest>,
}

/// Serves a connection until it ends.
pub(crate) async fn connection(stream: TcpStream, door: Door) {
    let _ = stream.set_nodelay(true);
    let reset = Arc::new(AtomicBool::new(false));
    let stream = Resettable {
        stream,
        reset: reset.clone(),
    };
    match door.acceptor.clone() {
        None => serve(stream, door, reset).await,
        Some(acceptor) => {
            // A client that trusts another authority ends the connection here.
            if let Ok(Ok(stream)) = timeout(HANDSHAKE, acceptor.accept(stream)).await {
                serve(stream, door, reset).await;
            }
        }
    }
}

async fn serve(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    door: Door,
    reset: Arc<AtomicBool>,
) {
    let service = service_fn(move |request: Request<Incoming>| {
        let (door, reset) = (door.clone(), reset.clone());
        async move {
            if !door.admits(&request) {
                return Ok(Refusal::unauthorized().into_response());
            }
            let answer = door.cluster.oneshot(request).await;
            // Relaxed: the task that drops the stream is the one that polls this future.
            reset.fetch_or(answer.is_err(), Relaxed);
            answer
        }
    });
    // An error means that the client has gone, or that the connection was to be reset.
    let _ = http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

impl Door {
    fn admits(&self, request: &Request<Incoming>) -> bool {
        let sent = request.headers().get(AUTHORIZATION);
        let sent = sent.map_or(&[] as &[u8], |value| value.as_bytes());
        let right = self.authorization.as_ref();
        right.is_none_or(|right| right.as_ref() == sha256(sent).as_ref())
    }
}

pub(crate) fn sha256(bytes: &[u8]) -> Digest {
    digest(&SHA256, bytes)
}
