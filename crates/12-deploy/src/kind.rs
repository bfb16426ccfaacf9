//! The kinds of outcomes.

use std::fmt;

/// What became of a cluster, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// It was changed.
    Applied,
    /// It was already as it should be.
    Unchanged,
    /// It refused the change, or the change panicked.
    Failed,
    /// A deadline came first.
    TimedOut,
    /// The failure budget was spent before it began.
    Skipped,
    /// The rollout was stopped before it began, or between two tries.
    Stopped,
}

impl Kind {
    /// All of them, in the order of a summary.
    pub const ALL: [Kind; 6] = [
        Kind::Applied,
        Kind::Unchanged,
        Kind::Failed,
        Kind::TimedOut,
        Kind::Skipped,
        Kind::Stopped,
    ];

    /// Whether the cluster is now as it should be.
    pub fn is_success(self) -> bool {
        matches!(self, Kind::Applied | Kind::Unchanged)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Kind::Applied => "applied",
            Kind::Unchanged => "unchanged",
            Kind::Failed => "failed",
            Kind::TimedOut => "timed out",
            Kind::Skipped => "skipped",
            Kind::Stopped => "stopped",
        })
    }
}
