//! Why nothing is known about a resource.

use std::error::Error;
use std::fmt;
use std::time::Duration;

/// A call that failed, after all its tries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Why the last try failed.
    pub cause: Cause,
    /// How often the call was tried. 0 if the deadline came first.
    pub tries: u32,
}

/// Why a try failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The server answered with an error.
    Refused {
        /// The HTTP status.
        status: u16,
        /// What the server said.
        message: String,
        /// How long the server wants to be left alone.
        retry_after: Option<Duration>,
    },
    /// There was no connection, or it was lost.
    Lost(String),
    /// The answer wasn't what was asked for, such as half a JSON document.
    Garbled(String),
    /// The server took longer than a try may take.
    Late(Duration),
    /// The deadline came before an answer.
    Deadline,
    /// There is no such request, for example because a name is empty.
    Invalid(String),
}

impl Cause {
    /// Whether another try may succeed.
    // ANCHOR: transient
    pub(crate) fn is_transient(&self) -> bool {
        match self {
            Cause::Refused { status, .. } => matches!(status, 408 | 429 | 500 | 502..=504),
            Cause::Lost(_) | Cause::Garbled(_) | Cause::Late(_) => true,
            Cause::Deadline | Cause::Invalid(_) => false,
        }
    }
    // ANCHOR_END: transient

    /// How long the server wants to be left alone.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        match self {
            Cause::Refused { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}

impl Failure {
    /// The HTTP status, if the server answered.
    pub fn status(&self) -> Option<u16> {
        match self.cause {
            Cause::Refused { status, .. } => Some(status),
            _ => None,
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cause::Refused {
                status, message, ..
            } => write!(f, "{status} {message}"),
            Cause::Lost(error) => write!(f, "no connection: {error}"),
            Cause::Garbled(error) => write!(f, "not the expected answer: {error}"),
            Cause::Late(patience) => write!(f, "no answer within {} ms", patience.as_millis()),
            Cause::Deadline => f.write_str("the deadline came first"),
            Cause::Invalid(error) => write!(f, "not a request: {error}"),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.cause.fmt(f)?;
        match self.tries {
            0 | 1 => Ok(()),
            tries => write!(f, " ({tries} tries)"),
        }
    }
}

impl Error for Failure {}
