//! What the two peers on hyper share: accepting connections, the routes, and a body that flushes each event by itself.

use std::convert::Infallible;
use std::io;
use std::net::TcpListener;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures::{FutureExt, future, ready};
use http_body::{Body, Frame};
use hyper::body::Incoming;
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;

use crate::event;

/// How an event gets from the publisher to the clients; in this the peers differ.
pub(crate) trait Clients: Send + Sync + 'static {
    /// One client's end.
    type Queue: Queue;

    fn publish(&self, event: Bytes);
    fn subscribe(&self) -> Self::Queue;
}

/// One client's events.
pub(crate) trait Queue: Send + Unpin + 'static {
    /// Polls for the next event, or `None` if the client was too slow.
    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Bytes>>;
}

struct Server<C> {
    clients: C,
    published: AtomicU64,
}

/// Serves until the process ends.
pub(crate) fn serve<C: Clients>(listener: TcpListener, clients: C) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(accept(listener, clients))
}

async fn accept<C: Clients>(listener: TcpListener, clients: C) -> io::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let server = Arc::new(Server {
        clients,
        published: AtomicU64::new(0),
    });
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Most likely there are no descriptors left until a client leaves.
            tokio::time::sleep(Duration::from_millis(10)).await;
            continue;
        };
        stream.set_nodelay(true)?;
        let server = Arc::clone(&server);
        tokio::spawn(async move {
            let service = service_fn(|request| answer(&server, request));
            // An error means that the client has left.
            let _ = http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

async fn answer<C: Clients>(
    server: &Server<C>,
    request: Request<Incoming>,
) -> Result<Response<Answer<C::Queue>>, Infallible> {
    Ok(match (request.method(), request.uri().path()) {
        (&Method::GET, "/events") => {
            let events = Events {
                queue: server.clients.subscribe(),
                unflushed: false,
            };
            let mut response = Response::new(Answer::Events(events));
            let headers = response.headers_mut();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
            response
        }
        (&Method::POST, "/publish") => {
            let id = server.published.fetch_add(1, Ordering::Relaxed) + 1;
            match collect(request.into_body()).await {
                Ok(body) => match event::encode(id, &body) {
                    Ok(event) => {
                        server.clients.publish(event);
                        whole(StatusCode::OK, event::PUBLISHED.into())
                    }
                    Err(error) => whole(StatusCode::BAD_REQUEST, error.into()),
                },
                Err(error) => whole(StatusCode::BAD_REQUEST, error.to_string().into()),
            }
        }
        _ => whole(StatusCode::NOT_FOUND, Bytes::new()),
    })
}

fn whole<Q>(status: StatusCode, text: Bytes) -> Response<Answer<Q>> {
    let mut response = Response::new(Answer::Whole(Some(text)));
    *response.status_mut() = status;
    response
}

async fn collect(mut body: Incoming) -> Result<Vec<u8>, hyper::Error> {
    let mut collected = Vec::new();
    while let Some(frame) = future::poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        if let Ok(data) = frame?.into_data() {
            collected.extend_from_slice(&data);
        }
    }
    Ok(collected)
}

/// The body of a response.
enum Answer<Q> {
    Whole(Option<Bytes>),
    Events(Events<Q>),
}

struct Events<Q> {
    queue: Q,
    unflushed: bool,
}

impl<Q: Queue> Body for Answer<Q> {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let data = match self.get_mut() {
            Answer::Whole(text) => text.take(),
            Answer::Events(events) => ready!(events.poll_next(context)),
        };
        Poll::Ready(data.map(|data| Ok(Frame::data(data))))
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Answer::Whole(None))
    }

    // Makes hyper send a content-length.
    fn size_hint(&self) -> http_body::SizeHint {
        match self {
            Answer::Whole(text) => {
                http_body::SizeHint::with_exact(text.as_ref().map_or(0, Bytes::len) as u64)
            }
            Answer::Events(_) => http_body::SizeHint::default(),
        }
    }
}

impl<Q: Queue> Events<Q> {
    /// hyper flushes when its body is pending. A pending poll after each event makes it flush each by itself.
    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Bytes>> {
        if self.unflushed {
            self.unflushed = false;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let event = ready!(self.queue.poll_next(context));
        self.unflushed = true;
        Poll::Ready(event)
    }
}

impl Queue for futures::stream::BoxStream<'static, Bytes> {
    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Bytes>> {
        futures::StreamExt::next(self).poll_unpin(context)
    }
}
