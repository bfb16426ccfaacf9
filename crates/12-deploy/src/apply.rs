//! What changes a cluster, and what it answers.

use std::error::Error;
use std::time::Duration;

/// What a call of `apply` did to a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Change {
    /// It changed the cluster.
    Applied,
    /// The cluster was already as it should be.
    Unchanged,
}

/// Why a call of `apply` failed.
pub trait ApplyError: Error + Send + 'static {
    /// Whether another try may succeed. A server that is busy may be free later. A manifest that it rejects stays
    /// rejected.
    fn is_transient(&self) -> bool;

    /// How long the cluster wants to be left alone before the next try.
    fn retry_after(&self) -> Option<Duration> {
        None
    }
}
