//! The three services, asked over HTTP.

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use bytes::Bytes;
use fan_out::{Error, Sources};
use futures::future::{Either, select};
use http_body_util::{BodyExt, Empty};
use hyper::client::conn::http1;
use hyper::{Request, StatusCode, header};
use hyper_util::rt::TokioIo;
use timeline::Timeline;
use tokio::net::TcpStream;

use crate::service::Asked;

/// The services of one page. Each request is a span of the timeline.
#[derive(Clone)]
pub(crate) struct Remote {
    pub(crate) addresses: [SocketAddr; 3],
    /// What each service is to do.
    pub(crate) asked: Arc<[Asked; 3]>,
    /// The requests to each service so far.
    pub(crate) requests: Arc<[AtomicUsize; 3]>,
    pub(crate) timeline: Timeline,
}

impl Sources for Remote {
    async fn ci(&self) -> Result<String, Error> {
        self.ask("CI status", 0).await
    }

    async fn cd(&self) -> Result<String, Error> {
        self.ask("CD status", 1).await
    }

    async fn user(&self) -> Result<String, Error> {
        self.ask("user data", 2).await
    }
}

impl Remote {
    async fn ask(&self, name: &str, index: usize) -> Result<String, Error> {
        let Asked { after_ms, does, .. } = &self.asked[index];
        let does = serde_json::to_value(does).expect("it is a word");
        let does = does.as_str().expect("it is a word");
        // Relaxed: only the number counts.
        let number = self.requests[index].fetch_add(1, Relaxed);
        let path = format!("/?after_ms={after_ms}&does={does}&number={number}");
        let span = match number {
            0 => name.to_owned(),
            _ => format!("{name}, again"),
        };
        let body = self
            .timeline
            .span(span, get(self.addresses[index], &path))
            .await
            .map_err(|error| Error::new(reason(&*error)))?;
        let body: serde_json::Value = serde_json::from_slice(&body).expect("the answer is JSON");
        let Some(answer) = body["answer"].as_str() else {
            // A bug: the part panics, and the page goes on.
            panic!("there is no answer in {body}");
        };
        Ok(answer.to_owned())
    }
}

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Sends a request on a connection of its own, and returns the body.
///
/// The connection is driven by this future, not by a task: dropping the future closes the connection.
async fn get(address: SocketAddr, path: &str) -> Result<Bytes, BoxError> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let request = Request::get(path)
        .header(header::HOST, address.to_string())
        .header(header::CONNECTION, "close")
        .body(Empty::<Bytes>::new())?;
    let answer = async {
        let response = sender.send_request(request).await?;
        match response.status() {
            StatusCode::OK => Ok(response.into_body().collect().await?.to_bytes()),
            status => Err(BoxError::from(format!("answered {status}"))),
        }
    };
    match select(pin!(answer), pin!(connection)).await {
        Either::Left((answer, _)) => answer,
        // What the connection has read is still to be had, or why it broke.
        Either::Right((_, answer)) => answer.await,
    }
}

/// Returns the innermost cause of an error.
fn reason(error: &(dyn std::error::Error + 'static)) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}
