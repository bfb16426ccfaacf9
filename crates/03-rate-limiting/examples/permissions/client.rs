//! The client that asks the database, with a connection for each check or with a pool of them.

use std::error::Error;
use std::io;
use std::num::NonZeroUsize;
use std::time::Duration;

use futures::future::try_join_all;
use rate_limiting::{CheckError, Permission};
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use sqlx::{ConnectOptions, Connection};
use tokio::time::timeout;

use crate::question::QUESTION;

/// How long a check waits for a connection of its own, and for an answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// Asks one database. A clone shares the pool.
#[derive(Clone, Debug)]
pub(crate) enum Client {
    /// Opens a connection for each check, and closes it.
    Own(Box<PgConnectOptions>),
    /// Keeps connections, and lends one to each check.
    Pool {
        pool: PgPool,
        /// How long a check waits for a connection.
        patience: Duration,
    },
}

impl Client {
    pub(crate) fn own(options: PgConnectOptions) -> Client {
        Client::Own(Box::new(options))
    }

    /// Returns a client with a pool of `connections`, which are open. A check waits at most `patience` for one of them.
    ///
    /// If a connection is lost, the pool opens another when a check needs one. If the database refuses that, the pool
    /// tries again, in silence, until the check's patience is over.
    ///
    /// # Errors
    ///
    /// If the connections can't be opened.
    pub(crate) async fn pool(
        options: PgConnectOptions,
        connections: NonZeroUsize,
        patience: Duration,
    ) -> Result<Client, CheckError> {
        let most = connections.get().try_into().unwrap_or(u32::MAX);
        let pool = PgPoolOptions::new()
            .max_connections(most)
            .acquire_timeout(PATIENCE)
            .test_before_acquire(false)
            .connect_lazy_with(options);
        let open = (0..most).map(|_| pool.acquire());
        let opened = try_join_all(open).await;
        drop(opened.map_err(|error| check_error(&error))?);
        Ok(Client::Pool { pool, patience })
    }

    /// Asks the database for one permission.
    pub(crate) async fn check(self, permission: Permission) -> Result<bool, CheckError> {
        match self {
            Client::Own(options) => {
                let mut connection = in_time(options.connect()).await?;
                let answer = in_time(ask(&mut connection, permission)).await;
                // The answer counts, whether the database hears the goodbye or not.
                let _ = in_time(connection.close()).await;
                answer
            }
            Client::Pool { pool, patience } => {
                let acquired = timeout(patience, pool.acquire()).await;
                let acquired = acquired.map_err(|_| CheckError::TimedOut)?;
                let mut connection = acquired.map_err(|error| check_error(&error))?;
                in_time(ask(&mut connection, permission)).await
            }
        }
    }

    /// Closes the pool's connections.
    pub(crate) async fn close(self) {
        if let Client::Pool { pool, .. } = self {
            pool.close().await;
        }
    }
}

async fn ask(connection: &mut PgConnection, permission: Permission) -> sqlx::Result<bool> {
    let question = sqlx::query_scalar(QUESTION).bind(permission.to_string());
    question.fetch_one(connection).await
}

async fn in_time<T>(step: impl Future<Output = sqlx::Result<T>>) -> Result<T, CheckError> {
    match timeout(PATIENCE, step).await {
        Ok(done) => done.map_err(|error| check_error(&error)),
        Err(_) => Err(CheckError::Failed(format!("no answer within {PATIENCE:?}"))),
    }
}

/// Returns what the error of `sqlx` means for the check.
// ANCHOR: check_error
pub(crate) fn check_error(error: &sqlx::Error) -> CheckError {
    match error {
        sqlx::Error::PoolTimedOut => CheckError::TimedOut,
        sqlx::Error::Database(refused) => match refused.code().as_deref() {
            Some("53300") => CheckError::TooManyConnections,
            // PostgreSQL is shutting down, or has crashed.
            Some("57P01" | "57P02") => CheckError::Disconnected,
            _ => CheckError::Failed(reason(error)),
        },
        sqlx::Error::Io(lost) if lost.kind() != io::ErrorKind::ConnectionRefused => {
            CheckError::Disconnected
        }
        _ => CheckError::Failed(reason(error)),
    }
}
// ANCHOR_END: check_error

/// Returns the innermost reason of an error of `sqlx`, in one line.
pub(crate) fn reason(error: &sqlx::Error) -> String {
    let words = match error {
        sqlx::Error::Database(refused) => refused.message().to_owned(),
        _ => {
            let mut innermost: &dyn Error = error;
            while let Some(source) = innermost.source() {
                innermost = source;
            }
            innermost.to_string()
        }
    };
    words.lines().collect::<Vec<_>>().join("; ")
}
