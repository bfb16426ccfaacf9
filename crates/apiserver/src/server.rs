//! A cluster behind a socket.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::sleep;

use crate::cluster::Cluster;
use crate::connection::{Door, connection, sha256};
use crate::kubeconfig;
use crate::options::{Options, Security};
use crate::requests::Requests;
use crate::tls;

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
        let kubeconfig = kubeconfig::write(&options.name, &url, authority, token.as_deref());
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

async fn accept(listener: TcpListener, door: Door) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => drop(connections.spawn(connection(stream, door.clone()))),
                // The client has gone already, or there are no file descriptors left; later there may be.
                Err(_) => sleep(Duration::from_millis(50)).await,
            },
            // The end of a connection concerns only its client.
            Some(_) = connections.join_next() => {}
        }
    }
}
