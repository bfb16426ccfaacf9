//! What the three brokers have in common.

use std::error::Error;
use std::fmt;

/// What a broker is started with.
#[derive(Clone, Debug)]
pub struct Options {
    /// How many events may wait for one client; at least 1.
    pub buffer: usize,
    /// How many of the last events are kept for clients that return; 0 keeps none.
    pub history: usize,
    /// How many clients there may be at a time.
    pub max_clients: usize,
    /// Tells one run of the broker from another, in the events' ids: letters and digits.
    pub start: String,
}

impl Default for Options {
    /// 64 events a client, the last 1,000 kept, at most 10,000 clients, and a `start` made of the time.
    fn default() -> Options {
        let since_1970 = std::time::UNIX_EPOCH.elapsed().unwrap_or_default();
        Options {
            buffer: 64,
            history: 1_000,
            max_clients: 10_000,
            start: format!("{:x}", since_1970.as_micros()),
        }
    }
}

/// What became of a published event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The id that the event was given, `<start>-<n>`.
    pub id: String,
    /// For how many clients it was queued.
    pub clients: usize,
}

/// The broker has shut down; nothing was published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closed;

/// Why there is no subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubscribeError {
    /// The broker has shut down; nobody was registered.
    Closed,
    /// All `max` places are taken.
    Full {
        /// How many places there are.
        max: usize,
    },
}

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the broker has shut down")
    }
}

impl Error for Closed {}

impl fmt::Display for SubscribeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SubscribeError::Closed => Closed.fmt(f),
            SubscribeError::Full { max } => write!(f, "all {max} places are taken"),
        }
    }
}

impl Error for SubscribeError {}
