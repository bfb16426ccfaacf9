//! Why a manifest isn't applied to a cluster, and whether another try may help.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use crate::ApplyError;

/// Why a manifest isn't applied to a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The document that wasn't applied, such as `Deployment shop/cart`. `None` if the cluster didn't say which kinds it
    /// has: discovery failed.
    pub document: Option<String>,
    /// Why.
    pub reason: Reason,
}

/// Why a request failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The server answered with an error.
    Refused {
        /// The HTTP status.
        status: u16,
        /// What the server said, on one line.
        message: String,
        /// How long the server wants to be left alone.
        retry_after: Option<Duration>,
    },
    /// Others own fields that the manifest sets to other values. There is at least one.
    Conflicts(Vec<Conflict>),
    /// The cluster has no such kind, or can't apply it as the manifest wants.
    Unfit(String),
    /// There was no connection, or it was lost.
    Lost(String),
    /// The answer wasn't what was asked for, such as half a JSON document.
    Garbled(String),
    /// There is no such request, for example because a kind has a blank in it.
    Invalid(String),
}

/// A field that somebody else owns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The field, such as `.spec.replicas`.
    pub field: String,
    /// The owner, as the server says it, such as `"kubectl-edit" using apps/v1`.
    pub owner: String,
}

impl Failure {
    /// Whether the manifest doesn't fit the cluster, whatever is tried: the rollout shouldn't begin.
    pub fn is_unfit(&self) -> bool {
        matches!(self.reason, Reason::Unfit(_) | Reason::Invalid(_))
    }
}

impl ApplyError for Failure {
    // ANCHOR: transient
    fn is_transient(&self) -> bool {
        match &self.reason {
            Reason::Refused { status, .. } => matches!(status, 408 | 429 | 500 | 502..=504),
            Reason::Lost(_) | Reason::Garbled(_) => true,
            Reason::Conflicts(_) | Reason::Unfit(_) | Reason::Invalid(_) => false,
        }
    }
    // ANCHOR_END: transient

    fn retry_after(&self) -> Option<Duration> {
        match self.reason {
            Reason::Refused { retry_after, .. } => retry_after,
            _ => None,
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::Refused {
                status, message, ..
            } => write!(f, "{status} {message}"),
            Reason::Conflicts(conflicts) => {
                f.write_str("409 ")?;
                for (number, Conflict { field, owner }) in conflicts.iter().enumerate() {
                    let before = if number == 0 { "" } else { ", " };
                    write!(f, "{before}{field} belongs to {owner}")?;
                }
                Ok(())
            }
            Reason::Unfit(why) => f.write_str(why),
            Reason::Lost(error) => write!(f, "no connection: {error}"),
            Reason::Garbled(error) => write!(f, "not the expected answer: {error}"),
            Reason::Invalid(error) => write!(f, "not a request: {error}"),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = self.document.as_deref().unwrap_or("discovery");
        write!(f, "{what}: {}", self.reason)
    }
}

impl Error for Failure {}
