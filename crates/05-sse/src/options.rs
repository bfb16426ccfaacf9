//! What the three brokers share: options, receipts and errors.

use std::error::Error;
use std::fmt;

/// The options that a broker is started with.
#[derive(Clone, Debug)]
pub struct Options {
    /// The number of events that may wait for one client; at least 1.
    pub buffer: usize,
    /// The number of events that are kept for clients that come back; 0 keeps none.
    pub history: usize,
    /// The number of clients that may be registered at a time.
    pub max_clients: usize,
    /// The first part of every event's id: letters and digits that differ from one run of the broker to the next.
    pub start: String,
    /// For a broker that follows others: the number of the newest event that it won't get. Such a broker gets its
    /// events with their numbers, by [`publish_as`](crate::broker::Broker::publish_as) only. `None` for a broker that
    /// numbers its events itself.
    pub follows: Option<u64>,
}

impl Default for Options {
    /// 64 events per client, the newest 1,000 kept, at most 10,000 clients, and a `start` made from the time.
    fn default() -> Options {
        let since_1970 = std::time::UNIX_EPOCH.elapsed().unwrap_or_default();
        Options {
            buffer: 64,
            history: 1_000,
            max_clients: 10_000,
            start: format!("{:x}", since_1970.as_micros()),
            follows: None,
        }
    }
}

/// What a publisher gets in return.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The event's id, `<start>-<n>`.
    pub id: String,
    /// The number of clients that the event was queued for.
    pub clients: usize,
}

/// The broker has shut down; nothing was published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closed;

/// Why a client was not registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubscribeError {
    /// The broker has shut down.
    Closed,
    /// All `max` slots are taken.
    Full {
        /// The number of slots.
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
            SubscribeError::Full { max } => write!(f, "all {max} slots for clients are taken"),
        }
    }
}

impl Error for SubscribeError {}
