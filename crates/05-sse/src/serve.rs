//! Serves a router over HTTP/1.1 so that no client can keep a connection by doing nothing.

use std::io;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use socket2::SockRef;
use tokio::net::{TcpListener, TcpStream};
use tokio::select;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::broker::Broker;
use crate::write_timeout::WriteTimeout;

/// How long clients get to take what is left for them when the server shuts down.
const GRACE: Duration = Duration::from_millis(500);

/// How to treat a connection.
#[derive(Clone, Copy, Debug)]
pub struct Transport {
    /// How long a client may take to send the head of a request, or to begin another one.
    pub head_timeout: Duration,
    /// A connection whose other end has taken nothing for so long, while there was something to send, is closed.
    pub write_timeout: Duration,
    /// How many bytes the system may hold for a connection; `None` leaves it to the system.
    pub send_buffer: Option<usize>,
}

/// Serves the broker until `end` is done. Then every client gets the end of its stream; who doesn't take it within
/// half a second is cut off, and who has kept a connection open for another request too.
///
/// # Errors
///
/// If the listener is broken. That no file can be opened for a connection is none: it waits until one can.
pub async fn serve(
    listener: TcpListener,
    broker: Broker,
    transport: Transport,
    end: impl Future<Output = ()>,
) -> io::Result<()> {
    let router = crate::service::router(broker.clone());
    let mut connections = JoinSet::new();
    let mut end = std::pin::pin!(end);
    loop {
        select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(connection(stream, router.clone(), transport));
                }
                Err(error) if is_passing(&error) => sleep(Duration::from_millis(50)).await,
                Err(error) => return Err(error),
            },
            Some(_) = connections.join_next() => {} // its end is its own affair
            () = &mut end => break,
        }
    }
    drop(listener);
    // Ends the streams, and each of them ends its connection. Others may be in the middle of an answer.
    broker.shutdown().await;
    let ended = async { while connections.join_next().await.is_some() {} };
    let _ = timeout(GRACE, ended).await;
    connections.shutdown().await;
    Ok(())
}

/// Whether accepting may work later: the other end had gone already, or there are no files left.
fn is_passing(error: &io::Error) -> bool {
    // ENFILE and EMFILE; ENOBUFS and ENOMEM.
    const NO_ROOM: [i32; 4] = [23, 24, 105, 12];
    error
        .raw_os_error()
        .is_some_and(|code| NO_ROOM.contains(&code))
        || matches!(
            error.kind(),
            io::ErrorKind::ConnectionAborted
                | io::ErrorKind::ConnectionReset
                | io::ErrorKind::Interrupted
        )
}

async fn connection(stream: TcpStream, router: Router, transport: Transport) {
    // Each event goes out by itself. If the socket won't have these, it works all the same.
    let _ = stream.set_nodelay(true);
    if let Some(bytes) = transport.send_buffer {
        let _ = SockRef::from(&stream).set_send_buffer_size(bytes);
    }
    let io = TokioIo::new(WriteTimeout::new(stream, transport.write_timeout));
    let connection = http1::Builder::new()
        .writev(false) // events are small: one buffer is cheaper than a list of them
        .timer(TokioTimer::new())
        .header_read_timeout(transport.head_timeout)
        .serve_connection(io, TowerToHyperService::new(router));
    // An error is the client's: it has gone, or was cut off.
    let _ = connection.await;
}
