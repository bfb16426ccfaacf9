//! The database that is asked: the embedded one, or a PostgreSQL behind a proxy.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgSslMode};
use sqlx::{ConnectOptions, Connection};
use tokio::time::timeout;

use crate::client::reason;
use crate::embedded::Embedded;
use crate::observer::Observer;
use crate::proxy::Proxy;

/// How long a PostgreSQL may take to say how many connections it has.
const PATIENCE: Duration = Duration::from_secs(10);

/// Which database to ask.
#[derive(Clone, Debug)]
pub(crate) enum Target {
    /// The embedded one, which admits this many connections.
    Embedded { connections: usize },
    /// A PostgreSQL.
    Postgres {
        options: Box<PgConnectOptions>,
        /// Its version.
        version: String,
        /// How many connections it had left for this role when it was asked.
        connections: usize,
    },
}

/// One row: the version, and how many connections an ordinary role can still have.
///
/// `pg_stat_database` counts the connections of all roles; an ordinary role can't see them one by one. Before version 16
/// there was no `reserved_connections`.
// ANCHOR: free
const FREE: &str = "
    SELECT current_setting('server_version'),
           current_setting('max_connections')::bigint
           - current_setting('superuser_reserved_connections')::bigint
           - coalesce(current_setting('reserved_connections', true), '0')::bigint
           - (SELECT sum(numbackends)::bigint FROM pg_stat_database)
           + 1 -- this connection, which is about to be closed
";
// ANCHOR_END: free

impl Target {
    /// Asks the PostgreSQL at this address how many connections it has left.
    ///
    /// # Errors
    ///
    /// A sentence that says what is wrong with the address, or why the PostgreSQL doesn't answer. It holds no password.
    pub(crate) async fn postgres(url: &str) -> Result<Target, String> {
        if !["postgres://", "postgresql://"]
            .iter()
            .any(|scheme| url.starts_with(scheme))
        {
            return Err("the address of the database must begin with postgres://".to_owned());
        }
        let options = PgConnectOptions::from_str(url)
            .map_err(|error| format!("the address of the database is wrong: {}", reason(&error)))?;
        match options.get_ssl_mode() {
            PgSslMode::Require | PgSslMode::VerifyCa | PgSslMode::VerifyFull => {
                return Err(
                    "this program has no TLS; use an address with sslmode=disable".to_owned(),
                );
            }
            _ => {}
        }
        if options.get_socket().is_some() || options.get_host().starts_with('/') {
            let words = "the address of the database must have a host name, because the proxy speaks TCP only";
            return Err(words.to_owned());
        }
        let options = options
            .ssl_mode(PgSslMode::Disable)
            .disable_statement_logging();

        let asked = async {
            let mut connection = options.connect().await?;
            let row: (String, i64) = sqlx::query_as(FREE).fetch_one(&mut connection).await?;
            connection.close().await?;
            Ok(row)
        };
        let place = format!("{}:{}", options.get_host(), options.get_port());
        let (version, connections) = match timeout(PATIENCE, asked).await {
            Ok(Ok(row)) => row,
            Ok(Err(error)) => {
                let error: sqlx::Error = error;
                return Err(format!(
                    "the database at {place} can't be used: {}",
                    reason(&error)
                ));
            }
            Err(_) => return Err(format!("the database at {place} doesn't answer")),
        };
        Ok(Target::Postgres {
            options: Box::new(options),
            version,
            connections: connections.try_into().unwrap_or(0),
        })
    }

    /// Returns how many connections an ordinary role can have.
    pub(crate) fn connections(&self) -> usize {
        match self {
            Target::Embedded { connections } | Target::Postgres { connections, .. } => *connections,
        }
    }

    /// Starts the embedded database, or a proxy of the PostgreSQL.
    ///
    /// # Errors
    ///
    /// If no port is free.
    pub(crate) async fn start(&self, observer: Observer) -> std::io::Result<Database> {
        let (server, options) = match self {
            Target::Embedded { connections } => {
                let embedded = Embedded::start(*connections, observer.clone()).await?;
                let options = PgConnectOptions::new_without_pgpass()
                    .username("ada")
                    .database("permissions");
                (Server::Embedded(embedded), options)
            }
            Target::Postgres { options, .. } => {
                let (host, port) = (options.get_host(), options.get_port());
                let proxy = Proxy::start(host, port, observer.clone()).await?;
                (Server::Proxy(proxy), (**options).clone())
            }
        };
        let address = match &server {
            Server::Embedded(embedded) => embedded.address(),
            Server::Proxy(proxy) => proxy.address(),
        };
        let options = options
            .host(&address.ip().to_string())
            .port(address.port())
            .ssl_mode(PgSslMode::Disable)
            .disable_statement_logging();
        Ok(Database { server, options })
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::Embedded { connections } => {
                write!(
                    f,
                    "the embedded database, which admits {connections} connections"
                )
            }
            Target::Postgres {
                version,
                connections,
                ..
            } => {
                write!(
                    f,
                    "PostgreSQL {version} with {connections} free connections"
                )
            }
        }
    }
}

/// A database that runs. Dropping it closes all its connections.
#[derive(Debug)]
pub(crate) struct Database {
    server: Server,
    options: PgConnectOptions,
}

#[derive(Debug)]
enum Server {
    Embedded(Embedded),
    Proxy(Proxy),
}

impl Database {
    /// Returns how to connect to it.
    pub(crate) fn options(&self) -> PgConnectOptions {
        self.options.clone()
    }

    /// Closes all connections and refuses new ones, as if the database were gone.
    pub(crate) async fn go_away(&mut self) {
        match &mut self.server {
            Server::Embedded(embedded) => embedded.go_away().await,
            Server::Proxy(proxy) => proxy.go_away().await,
        }
    }
}
