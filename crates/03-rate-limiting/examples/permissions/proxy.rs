//! Stands between a client and a PostgreSQL, counts what goes by, and makes each answer take its time.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::listening::Listening;
use crate::messages::{Messages, sqlstate};
use crate::observer::{Connection, Observer, Query};

/// A proxy on the loopback address. It passes every byte on unchanged.
///
/// A connection counts from the time that PostgreSQL has admitted it until the client ends it. PostgreSQL frees the slot
/// later, so it never counts fewer. A query counts from its `Execute` message.
#[derive(Debug)]
pub(crate) struct Proxy(Listening);

impl Proxy {
    /// Starts a proxy of the PostgreSQL at `host` and `port`.
    pub(crate) async fn start(host: &str, port: u16, observer: Observer) -> io::Result<Proxy> {
        let server: Arc<str> = host.into();
        let serve = move |client| {
            let (server, observer) = (Arc::clone(&server), observer.clone());
            async move {
                let server = TcpStream::connect((&*server, port)).await?;
                relay(client, server, observer).await
            }
        };
        Listening::start(serve).await.map(Proxy)
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.0.address()
    }

    /// Closes all connections and refuses new ones.
    pub(crate) async fn go_away(&mut self) {
        self.0.stop().await;
    }
}

/// What PostgreSQL still has to answer: a group of messages for each `Sync`, with a query if it executes one.
type Groups = Mutex<VecDeque<Option<Query>>>;

/// The connection, from the time that it is admitted until it is ended.
type Admitted = Mutex<Option<Connection>>;

async fn relay(client: TcpStream, server: TcpStream, observer: Observer) -> io::Result<()> {
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let (groups, admitted) = (Groups::default(), Admitted::default());
    tokio::select! {
        // When the client has closed its side, the connection lasts until PostgreSQL has closed the other.
        Err(error) = requests(Messages::new(from_client), to_server, &groups, &admitted, &observer) => Err(error),
        done = answers(Messages::new(from_server), to_client, &groups, &admitted, &observer) => done,
    }
}

async fn requests<R, W>(
    mut client: Messages<R>,
    mut server: W,
    groups: &Groups,
    admitted: &Admitted,
    observer: &Observer,
) -> io::Result<()>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    let mut next = client.startup().await?;
    let mut executing = None;
    let mut started = false;
    while let Some(message) = next {
        match message[0] {
            _ if !started => started = true,
            b'E' => drop(executing.get_or_insert_with(|| observer.query())),
            b'Q' => groups.lock().unwrap().push_back(Some(observer.query())),
            b'S' => groups.lock().unwrap().push_back(executing.take()),
            b'X' => *admitted.lock().unwrap() = None,
            _ => {}
        }
        server.write_all(&message).await?;
        next = client.next().await?;
    }
    server.shutdown().await
}

async fn answers<R, W>(
    mut server: Messages<R>,
    mut client: W,
    groups: &Groups,
    admitted: &Admitted,
    observer: &Observer,
) -> io::Result<()>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    let mut started = false;
    let mut group = None;
    while let Some(message) = server.next().await? {
        if started && group.is_none() {
            group = groups.lock().unwrap().pop_front();
            if let Some(Some(query)) = &group {
                query.due().await;
            }
        }
        if !started && sqlstate(&message) == Some(b"53300") {
            observer.refuse();
        }
        let ready = message[0] == b'Z';
        if ready && !started {
            started = true;
            *admitted.lock().unwrap() = observer.connect(usize::MAX);
        }
        // Counted first: nobody has an answer that isn't counted.
        if ready && let Some(Some(query)) = group.take() {
            query.answered();
        }
        client.write_all(&message).await?;
    }
    Ok(())
}
