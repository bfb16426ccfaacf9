//! The replicas of `fan_out3`: they answer, fail or panic, in virtual time.

use std::time::Duration;

use timeline::Timeline;
use tokio::time::sleep;

/// A server that has the data.
#[derive(Debug)]
pub struct Replica {
    pub(super) number: u32,
    pub(super) takes: u64,
    pub(super) end: Does,
    pub(super) timeline: Timeline,
}

/// A replica is down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Down;

/// What a replica does in the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Does {
    Answers,
    Fails,
    Panics,
}

use Does::{Answers, Fails, Panics};

/// Returns what the picture calls a replica: with what it does, if that isn't to answer.
pub(super) fn name(number: u32, end: Does) -> String {
    match end {
        Answers => format!("Replica {number}"),
        Fails => format!("Replica {number} (fails)"),
        Panics => format!("Replica {number} (panics)"),
    }
}

impl Replica {
    /// Asks the replica. Returns its answer, which is its number, or an error if it is down.
    pub async fn ask(self) -> Result<u32, Down> {
        let work = sleep(Duration::from_millis(self.takes));
        self.timeline.span(name(self.number, self.end), work).await;
        match self.end {
            Answers => Ok(self.number),
            Fails => Err(Down),
            Panics => panic!("replica {} panics", self.number),
        }
    }
}
