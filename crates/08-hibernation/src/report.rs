//! What a check found.

use crate::{Answer, Counts, Failure, Resource, Status};

/// What a check found.
#[derive(Clone, Debug)]
pub struct Report {
    /// One answer for each resource, in the order of the resources.
    pub answers: Vec<(Resource, Answer)>,
    /// The sums of the answers.
    pub counts: Counts,
    /// How many requests were sent, each try counted.
    pub tries: u64,
}

impl Report {
    /// Returns how many workloads can be hibernated, whether they are or not.
    pub fn can_be_hibernated(&self) -> u64 {
        self.counts.can_be_hibernated
    }

    /// Returns how many workloads are hibernated.
    pub fn hibernated(&self) -> u64 {
        self.counts.hibernated
    }

    /// Returns each resource that is unknown, and why.
    pub fn unknown(&self) -> impl Iterator<Item = (&Resource, &Failure)> {
        self.answers
            .iter()
            .filter_map(|(resource, answer)| match answer {
                Answer::Unknown(failure) => Some((resource, failure)),
                _ => None,
            })
    }

    /// Returns the status. It is `Unknown` if what is unknown could change it.
    pub fn status(&self) -> Status {
        self.counts.status()
    }
}
