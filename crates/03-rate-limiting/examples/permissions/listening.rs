//! A socket that listens on this machine, and a task for each connection to it.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::sleep;

/// How many new connections may wait until they are accepted: more than the talk has checks. Of the 128 that
/// `TcpListener::bind` asks for, a thousand clients would overflow.
const QUEUE: u32 = 4_096;

/// Accepts connections until it is dropped. Then it closes all of them.
#[derive(Debug)]
pub(crate) struct Listening {
    address: SocketAddr,
    /// Owns the listener and the tasks of the connections.
    accepting: JoinHandle<()>,
}

impl Listening {
    /// Listens on a free port of the loopback address, and calls `serve` for each connection.
    pub(crate) async fn start<F, Fut>(serve: F) -> io::Result<Listening>
    where
        F: Fn(TcpStream) -> Fut + Send + 'static,
        Fut: Future<Output = io::Result<()>> + Send + 'static,
    {
        let socket = TcpSocket::new_v4()?;
        socket.bind((Ipv4Addr::LOCALHOST, 0).into())?;
        let listener = socket.listen(QUEUE)?;
        let address = listener.local_addr()?;
        let accepting = tokio::spawn(accept(listener, serve));
        Ok(Listening { address, accepting })
    }

    /// Returns the address that it listens on.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Closes all connections. From then on the operating system refuses new ones.
    pub(crate) async fn stop(&mut self) {
        self.accepting.abort();
        // The task returns nothing. The wait is for its listener, which is closed when the task ends.
        let _ = (&mut self.accepting).await;
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept<F, Fut>(listener: TcpListener, serve: F)
where
    F: Fn(TcpStream) -> Fut,
    Fut: Future<Output = io::Result<()>> + Send + 'static,
{
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            // An error of one connection ends that connection.
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((connection, _)) => drop(connections.spawn(serve(connection))),
                // Most likely this process has too many open files. One may be closed soon.
                Err(_) => sleep(Duration::from_millis(10)).await,
            },
        }
    }
}
