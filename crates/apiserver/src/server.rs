//! A cluster behind a socket.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::http::Request;
use axum::http::header::AUTHORIZATION;
use axum::response::IntoResponse;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use ring::digest::{Digest, SHA256, digest};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

use crate::cluster::Cluster;
use crate::kubeconfig;
use crate::options::{Options, Security};
use crate::refusal::Refusal;
use crate::requests::Requests;
use crate::tls;

/// How long a client may take for the TLS handshake.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// A running server. Dropping it stops it: the port is closed, and so are all connections.
#[derive(Debug)]
pub struct Server {
    /// Where it listens: `http://127.0.0.1:` and a port, or `https:`.
    pub url: String,
    /// The contents of a kubeconfig file for this server, for `kubectl` and other clients.
    pub kubeconfig: String,
    /// The cluster behind the server.
    pub cluster: Cluster,
    accepting: JoinHandle<()>,
}

impl Server {
    /// Starts a server in the current runtime.
    ///
    /// # Errors
    ///
    /// If the address can't be listened on, or no certificate can be made.
    ///
    /// # Panics
    ///
    /// Outside of a Tokio runtime.
    pub fn start(options: Options) -> io::Result<Server> {
        let listener = std::net::TcpListener::bind(options.listen)?;
        listener.set_nonblocking(true)?;
        let listener = TcpListener::from_std(listener)?;
        let address = reachable(listener.local_addr()?);
        let identity = match options.security {
            Security::Plain => None,
            Security::Tls | Security::Token => {
                let loopback = ["localhost", "127.0.0.1", "::1"].map(str::to_owned);
                let hosts = loopback.into_iter().chain([address.ip().to_string()]);
                Some(tls::identity(hosts.collect())?)
            }
        };
        let token = match options.security {
            Security::Token => Some(tls::token()?),
            Security::Plain | Security::Tls => None,
        };
        let scheme = if identity.is_some() { "https" } else { "http" };
        let url = format!("{scheme}://{address}");
        let authority = identity
            .as_ref()
            .map(|identity| identity.authority.as_str());
        let kubeconfig = kubeconfig::write(&url, authority, token.as_deref());
        let cluster = Cluster::new(options);
        let door = Door {
            cluster: cluster.clone(),
            acceptor: identity.map(|identity| identity.acceptor),
            authorization: token.map(|token| sha256(format!("Bearer {token}").as_bytes())),
        };
        Ok(Server {
            url,
            kubeconfig,
            cluster,
            accepting: tokio::spawn(accept(listener, door)),
        })
    }

    /// Returns the count of the requests that arrived until now.
    pub fn requests(&self) -> Requests {
        self.cluster.requests()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The task owns the connections, and they end with it.
        self.accepting.abort();
    }
}

/// A server that listens on all interfaces can be reached on loopback.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    match address {
        SocketAddr::V4(v4) if v4.ip().is_unspecified() => address.set_ip([127, 0, 0, 1].into()),
        SocketAddr::V6(v6) if v6.ip().is_unspecified() => {
            address.set_ip(std::net::Ipv6Addr::LOCALHOST.into());
        }
        _ => {}
    }
    address
}

/// What a connection has to pass, and the cluster behind it.
#[derive(Clone)]
struct Door {
    cluster: Cluster,
    acceptor: Option<TlsAcceptor>,
    /// The digest of the value that the header `Authorization` must have. Comparing digests takes the same time however
    /// much of a guess is right.
    authorization: Option<Digest>,
}

async fn accept(listener: TcpListener, door: Door) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => drop(connections.spawn(connection(stream, door.clone()))),
                // The client has gone already, or there are no file descriptors left; later there may be.
                Err(_) => sleep(Duration::from_millis(50)).await,
            },
            // How a connection ends concerns only its client.
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn connection(stream: TcpStream, door: Door) {
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

fn sha256(bytes: &[u8]) -> Digest {
    digest(&SHA256, bytes)
}

/// A stream that can end with a reset instead of an orderly close.
struct Resettable {
    stream: TcpStream,
    reset: Arc<AtomicBool>,
}

impl Drop for Resettable {
    fn drop(&mut self) {
        // Relaxed: set by the task that drops this.
        if self.reset.load(Relaxed) {
            // With nothing to linger for, closing sends a reset. Where that fails, the client sees a close.
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for Resettable {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Resettable {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
