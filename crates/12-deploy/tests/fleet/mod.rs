//! Clusters of which it is known beforehand what they will do.

#![allow(dead_code)] // not every test needs all of it

use std::error::Error;
use std::fmt;
use std::time::Duration;

use deploy::{ApplyError, Plan, Settings};

/// Why a cluster refuses a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It may have time later.
    Busy,
    /// It may have time after so long.
    BusyFor(Duration),
    /// It will never accept the change.
    Invalid,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Refusal::Busy | Refusal::BusyFor(_) => "busy",
            Refusal::Invalid => "invalid",
        })
    }
}

impl Error for Refusal {}

impl ApplyError for Refusal {
    fn is_transient(&self) -> bool {
        *self != Refusal::Invalid
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Refusal::BusyFor(time) => Some(*time),
            _ => None,
        }
    }
}

pub(crate) fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

pub(crate) fn plan(settings: Settings) -> Plan {
    Plan::new(settings).expect("the settings make sense")
}
