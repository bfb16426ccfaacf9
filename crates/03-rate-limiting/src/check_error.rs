//! Why a permission has no answer.

use std::fmt;

/// What became of a check that wasn't answered. A check without an answer is not a "no".
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum CheckError {
    /// The database refused the connection, because it has as many as it admits: PostgreSQL's error 53300.
    TooManyConnections,
    /// No connection became free within the time that the check was willing to wait.
    TimedOut,
    /// The connection was closed or lost. The database may have run the query or not.
    Disconnected,
    /// Any other failure, in the words of the database or its client.
    Failed(String),
}

impl fmt::Display for CheckError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CheckError::TooManyConnections => f.write_str("too many connections"),
            CheckError::TimedOut => f.write_str("no connection became free in time"),
            CheckError::Disconnected => f.write_str("the connection was lost"),
            CheckError::Failed(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for CheckError {}
