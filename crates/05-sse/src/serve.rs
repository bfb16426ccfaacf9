//! Serves the broker over HTTP/1.1. No client can hold a connection open by doing nothing.

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

use crate::service::Served;
use crate::write_timeout::WriteTimeout;

/// How long clients have to receive the rest of their events when the server shuts down.
const GRACE: Duration = Duration::from_millis(500);

/// The limits of a connection.
#[derive(Clone, Copy, Debug)]
pub struct Transport {
    /// How long a client may take to send the head of a request, the first or the next.
    pub head_timeout: Duration,
    /// How long a client may accept nothing while there is something to send. Then its connection is closed.
    pub write_timeout: Duration,
    /// The size of the system's send buffer for a connection in bytes; `None` leaves it to the system.
    pub send_buffer: Option<usize>,
}

/// Serves the broker until `end` completes, and shuts it down. Every client then gets the rest of its events and the
/// end of its stream. A connection that is still open after half a second is cut off.
///
/// # Errors
///
/// If the listener fails. Running out of file descriptors is no error: the server waits until there are some.
pub async fn serve(
    listener: TcpListener,
    broker: impl Served,
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
            Some(_) = connections.join_next() => {} // how a connection ends concerns only its client
            () = &mut end => break,
        }
    }
    drop(listener);
    // Every stream ends, and its connection with it. Other connections may be in the middle of an answer.
    broker.shutdown().await;
    let ended = async { while connections.join_next().await.is_some() {} };
    let _ = timeout(GRACE, ended).await;
    connections.shutdown().await;
    Ok(())
}

/// Returns whether accepting may work later: the client had gone already, or there are no descriptors left.
pub fn is_passing(error: &io::Error) -> bool {
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
    // Each event is sent at once. If the socket refuses these options, it works all the same.
    let _ = stream.set_nodelay(true);
    if let Some(bytes) = transport.send_buffer {
        let _ = SockRef::from(&stream).set_send_buffer_size(bytes);
    }
    let io = TokioIo::new(WriteTimeout::new(stream, transport.write_timeout));
    let connection = http1::Builder::new()
        .writev(false) // events are small: one buffer is cheaper than a list of buffers
        .timer(TokioTimer::new())
        .header_read_timeout(transport.head_timeout)
        .serve_connection(io, TowerToHyperService::new(router));
    // An error means that the client has gone, or was cut off.
    let _ = connection.await;
}
