//! What an observer of a rollout is told.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use crate::Kind;

/// Something that happens to a cluster.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Event<'a> {
    /// Its first try begins.
    Began,
    /// A try has failed, and there will be another one.
    Retrying {
        /// How many tries have failed.
        tries: u32,
        /// Why the last one did.
        error: &'a dyn Error,
        /// How long until the next one.
        wait: Duration,
    },
    /// It has failed, and that has spent the failure budget. [`Event::Ended`] follows.
    Spent,
    /// It has ended, whether it began or not. Each cluster does, once.
    Ended {
        /// What became of it.
        kind: Kind,
        /// The same in a sentence.
        outcome: &'a dyn fmt::Display,
    },
}
