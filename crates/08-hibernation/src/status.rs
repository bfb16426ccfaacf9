//! What a check says about all workloads together.

use std::fmt;

use serde::Serialize;

use crate::Counts;

/// The status of all workloads together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Status {
    /// Every workload that can be hibernated is, and there is at least one.
    Hibernating,
    /// Some of the workloads that can be hibernated are.
    #[serde(rename = "Partially Hibernated")]
    PartiallyHibernated,
    /// No workload is hibernated.
    Running,
    /// It depends on what is unknown.
    Unknown,
}

impl Counts {
    /// Returns the status. It is `Unknown` if what is unknown could change it. If one workload is hibernated and another
    /// one isn't, nothing can.
    // ANCHOR: status
    pub fn status(self) -> Status {
        let known = match (self.hibernated, self.can_be_hibernated) {
            (0, _) => Status::Running,
            (hibernated, all) if hibernated == all => Status::Hibernating,
            _ => Status::PartiallyHibernated,
        };
        match (self.unknown, known) {
            (0, _) | (_, Status::PartiallyHibernated) => known,
            _ => Status::Unknown,
        }
    }
    // ANCHOR_END: status
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Status::Hibernating => "Hibernating",
            Status::PartiallyHibernated => "Partially Hibernated",
            Status::Running => "Running",
            Status::Unknown => "Unknown",
        })
    }
}
