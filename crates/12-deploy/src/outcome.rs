//! What became of a cluster.

use std::error::Error;
use std::fmt;

use crate::{Change, Kind};

/// What became of a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome<E> {
    /// It was changed.
    Applied {
        /// How many tries that took: at least 1.
        tries: u32,
    },
    /// It was already as it should be.
    Unchanged {
        /// How many tries it took to know: at least 1.
        tries: u32,
    },
    /// It refused the change.
    Failed {
        /// After so many tries: at least 1.
        tries: u32,
        /// Why the last try failed.
        cause: Cause<E>,
    },
    /// Its own deadline or that of the rollout came first. If a try was in flight, it was dropped, and the cluster may be
    /// changed or not.
    TimedOut {
        /// How many tries had begun. 0 if the rollout's deadline came before the cluster's turn.
        tries: u32,
        /// Why the last try that ended failed, if there was one.
        error: Option<E>,
    },
    /// It never began, because the failure budget was spent.
    Skipped,
    /// The rollout was stopped before the cluster's turn, or before its next try.
    Stopped {
        /// How many tries had failed. 0 if it never began.
        tries: u32,
        /// Why the last try failed, if there was one.
        error: Option<E>,
    },
}

/// Why a cluster failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause<E> {
    /// `apply` returned this error.
    Error(E),
    /// `apply` panicked with this message. It isn't tried again.
    Panic(String),
}

impl<E> Outcome<E> {
    pub(crate) fn of(change: Change, tries: u32) -> Outcome<E> {
        match change {
            Change::Applied => Outcome::Applied { tries },
            Change::Unchanged => Outcome::Unchanged { tries },
        }
    }

    /// Returns which kind of outcome it is.
    pub fn kind(&self) -> Kind {
        match self {
            Outcome::Applied { .. } => Kind::Applied,
            Outcome::Unchanged { .. } => Kind::Unchanged,
            Outcome::Failed { .. } => Kind::Failed,
            Outcome::TimedOut { .. } => Kind::TimedOut,
            Outcome::Skipped => Kind::Skipped,
            Outcome::Stopped { .. } => Kind::Stopped,
        }
    }

    /// Returns how many tries had begun. 0 if the cluster was never reached.
    pub fn tries(&self) -> u32 {
        match self {
            Outcome::Applied { tries }
            | Outcome::Unchanged { tries }
            | Outcome::Failed { tries, .. }
            | Outcome::TimedOut { tries, .. }
            | Outcome::Stopped { tries, .. } => *tries,
            Outcome::Skipped => 0,
        }
    }

    /// Whether it counts against the failure budget: the cluster failed, or it began and timed out.
    pub fn is_failure(&self) -> bool {
        matches!(self.kind(), Kind::Failed | Kind::TimedOut) && self.tries() > 0
    }
}

impl<E: fmt::Display> fmt::Display for Outcome<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind().fmt(f)?;
        let error: Option<&dyn fmt::Display> = match self {
            Outcome::Failed { cause, .. } => Some(cause),
            Outcome::TimedOut { error, .. } | Outcome::Stopped { error, .. } => {
                error.as_ref().map(|error| error as _)
            }
            _ => None,
        };
        match self {
            Outcome::Skipped => return f.write_str(": the failure budget was spent"),
            _ if self.tries() == 0 => return f.write_str(" before it began"),
            _ => {}
        }
        if let Some(error) = error {
            write!(f, ": {error}")?;
        }
        match self.tries() {
            1 => Ok(()),
            tries => write!(f, " ({tries} tries)"),
        }
    }
}

impl<E: fmt::Display> fmt::Display for Cause<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cause::Error(error) => error.fmt(f),
            Cause::Panic(message) => write!(f, "panicked: {message}"),
        }
    }
}

impl<E: Error> Error for Cause<E> {}
