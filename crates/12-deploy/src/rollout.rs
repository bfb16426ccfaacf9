//! What became of all clusters.

use crate::{Counts, Outcome};

/// What became of all clusters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rollout<C, E> {
    /// Each cluster and its outcome, in the order in which the clusters were given.
    pub outcomes: Vec<(C, Outcome<E>)>,
}

impl<C, E> Rollout<C, E> {
    /// Counts the outcomes of each kind.
    pub fn counts(&self) -> Counts {
        self.outcomes
            .iter()
            .map(|(_, outcome)| outcome.kind())
            .collect()
    }

    /// Returns how many clusters were reached: those with at least one try. If the change is bad, they are its blast
    /// radius.
    pub fn reached(&self) -> usize {
        self.outcomes
            .iter()
            .filter(|(_, outcome)| outcome.tries() > 0)
            .count()
    }

    /// Returns how many clusters count against the failure budget.
    pub fn failures(&self) -> usize {
        self.outcomes
            .iter()
            .filter(|(_, outcome)| outcome.is_failure())
            .count()
    }

    /// Returns how often `apply` was called.
    pub fn tries(&self) -> u64 {
        self.outcomes
            .iter()
            .map(|(_, outcome)| u64::from(outcome.tries()))
            .sum()
    }

    /// Whether every cluster is now as it should be.
    pub fn is_success(&self) -> bool {
        self.outcomes
            .iter()
            .all(|(_, outcome)| outcome.kind().is_success())
    }
}
