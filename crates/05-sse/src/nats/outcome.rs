//! What a publisher is told, and why a broker doesn't start.

use std::error::Error;
use std::fmt;

use axum::http::StatusCode;

/// What a publisher gets in return: the stream has the message.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Receipt {
    /// The event's id, `<start>-<n>`.
    pub id: String,
    /// Whether the stream had the message already, from an earlier try.
    pub duplicate: bool,
}

/// Why a broker was not started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StartError {
    /// An option can't be right, for this reason.
    Wrong(String),
    /// NATS can't be followed, for this reason.
    Unreachable(String),
}

/// Why a message was not published, as far as is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublishError {
    /// The broker has ended. The stream doesn't have the message.
    Closed,
    /// NATS can't be reached now, for this reason. The stream doesn't have the message.
    Unreachable(String),
    /// NATS takes no message that is so long. The stream doesn't have it.
    TooLong,
    /// NATS refused the message, for this reason. The stream doesn't have it.
    Refused(String),
    /// NATS didn't confirm the message. The stream may have it, or not: publish it again under the same key.
    Unconfirmed,
}

impl PublishError {
    /// 503 means that the stream doesn't have the message, and 504 that nobody knows.
    pub(super) fn status(&self) -> StatusCode {
        match self {
            PublishError::TooLong => StatusCode::PAYLOAD_TOO_LARGE,
            PublishError::Unconfirmed => StatusCode::GATEWAY_TIMEOUT,
            _ => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StartError::Wrong(why) => f.write_str(why),
            StartError::Unreachable(why) => write!(f, "NATS can't be followed: {why}"),
        }
    }
}

impl Error for StartError {}

impl fmt::Display for PublishError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PublishError::Closed => f.write_str("the broker has shut down; nothing was published"),
            PublishError::Unreachable(why) => {
                write!(f, "NATS can't be reached; nothing was published: {why}")
            }
            PublishError::TooLong => {
                f.write_str("NATS takes no message that is so long; nothing was published")
            }
            PublishError::Refused(why) => {
                write!(f, "NATS refused the message; nothing was published: {why}")
            }
            PublishError::Unconfirmed => f.write_str(
                "NATS didn't confirm the message, and may have it; publish it again with the same Idempotency-Key",
            ),
        }
    }
}

impl Error for PublishError {}
