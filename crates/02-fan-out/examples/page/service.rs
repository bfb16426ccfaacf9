//! A service over HTTP that does what a request's query asks of it.

use std::convert::Infallible;
use std::future::pending;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::Query;
use bytes::Bytes;
use http_body_util::Full;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde::{Deserialize, Serialize};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::sleep;

/// What a service does with a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Does {
    #[default]
    Answers,
    /// Takes three times as long with the first request of a page.
    Stumbles,
    /// Answers with status 503.
    Fails,
    /// Resets the connection.
    Resets,
    /// Answers with a body that no client expects.
    Garbles,
    /// Never answers.
    Hangs,
}

/// The query of a request.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Asked {
    pub(crate) after_ms: u64,
    pub(crate) does: Does,
    /// The number of the request among those of its page to this service, from 0.
    #[serde(default)]
    pub(crate) number: usize,
}

/// A service on a free port of this machine. Dropping it ends its tasks.
pub(crate) struct Service {
    address: SocketAddr,
    _accepting: JoinSet<()>,
}

impl Service {
    pub(crate) async fn start(answer: &'static str) -> io::Result<Service> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let mut accepting = JoinSet::new();
        accepting.spawn(async move {
            let mut connections = JoinSet::new();
            loop {
                tokio::select! {
                    accepted = listener.accept() => match accepted {
                        Ok((stream, _)) => {
                            connections.spawn(serve(stream, answer));
                        }
                        // There are no descriptors left: some will be.
                        Err(_) => sleep(Duration::from_millis(10)).await,
                    },
                    Some(_) = connections.join_next() => {}
                }
            }
        });
        Ok(Service {
            address,
            _accepting: accepting,
        })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }
}

/// Serves one connection. If it is to be reset, takes the socket back from hyper.
async fn serve(stream: TcpStream, answer: &'static str) {
    let _ = stream.set_nodelay(true);
    let reset = Arc::new(Notify::new());
    let resets = reset.clone();
    let respond = service_fn(move |request: Request<hyper::body::Incoming>| {
        let reset = resets.clone();
        Box::pin(async move {
            Ok::<_, Infallible>(match Query::<Asked>::try_from_uri(request.uri()) {
                Ok(Query(asked)) => respond(asked, answer, &reset).await,
                Err(error) => with_status(StatusCode::BAD_REQUEST, error.to_string()),
            })
        })
    });
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), respond);
    tokio::select! {
        _ = &mut connection => {}
        () = reset.notified() => {
            let stream = connection.into_parts().io.into_inner();
            let _ = socket2::SockRef::from(&stream).set_linger(Some(Duration::ZERO));
        }
    }
}

async fn respond(asked: Asked, answer: &str, reset: &Notify) -> Response<Full<Bytes>> {
    let Asked {
        after_ms,
        does,
        number,
    } = asked;
    let times = match (does, number) {
        (Does::Stumbles, 0) => 3,
        _ => 1,
    };
    sleep(Duration::from_millis(times * after_ms)).await;
    match does {
        Does::Answers | Does::Stumbles => {
            Response::new(format!("{{\"answer\":\"{answer}\"}}").into())
        }
        Does::Fails => with_status(StatusCode::SERVICE_UNAVAILABLE, String::new()),
        Does::Garbles => Response::new("{\"anwser\":42}".into()),
        Does::Resets => {
            reset.notify_one();
            pending().await
        }
        Does::Hangs => pending().await,
    }
}

fn with_status(status: StatusCode, body: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response
}
