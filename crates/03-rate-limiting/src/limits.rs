//! How much the database can take.

use std::num::{NonZeroU32, NonZeroUsize};

use crate::Rate;

/// The limits of a request. Each variant uses those that it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Limits {
    /// How many checks may run at once.
    pub connections: NonZeroUsize,
    /// How many permissions are in a batch.
    pub batch: NonZeroUsize,
    /// How many checks may start per second, on average.
    pub rate: Rate,
    /// How many checks may start at once after a pause. Each of the others waits for its turn.
    pub burst: NonZeroU32,
}

impl Limits {
    /// The talk's limits, 10 connections and batches of 100, and a rate of 500 a second with a burst of 10.
    pub const TALK: Limits = Limits {
        connections: NonZeroUsize::new(10).unwrap(),
        batch: NonZeroUsize::new(100).unwrap(),
        rate: Rate::per_second(NonZeroU32::new(500).unwrap()),
        burst: NonZeroU32::new(10).unwrap(),
    };
}
