//! What became of an item.

use std::fmt;

use crate::caught::caught;
use crate::{Cause, Failure, Panic};

/// What became of an item. Each item has exactly one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome<R, E> {
    /// It returned this result.
    Done(R),
    /// It returned this error.
    Failed(E),
    /// It panicked.
    Panicked(Panic),
    /// It was stopped at an `await`, or it never started.
    Stopped,
}

impl<R, E> Outcome<R, E> {
    /// Whether it returned an error or panicked.
    pub fn is_failure(&self) -> bool {
        matches!(self, Outcome::Failed(_) | Outcome::Panicked(_))
    }

    /// Awaits an item that has begun, or panicked while it began.
    pub(crate) async fn of<Fut>(begun: Result<Fut, Panic>) -> Outcome<R, E>
    where
        Fut: Future<Output = Result<R, E>>,
    {
        let ended = match begun {
            Ok(future) => caught(future).await,
            Err(panic) => Err(panic),
        };
        match ended {
            Ok(Ok(result)) => Outcome::Done(result),
            Ok(Err(error)) => Outcome::Failed(error),
            Err(panic) => Outcome::Panicked(panic),
        }
    }

    /// Returns the result, if there is one.
    pub fn done(self) -> Option<R> {
        match self {
            Outcome::Done(result) => Some(result),
            _ => None,
        }
    }

    /// Returns the failure of the item at `index`, if it failed.
    pub(crate) fn into_failure(self, index: usize) -> Option<Failure<E>> {
        let cause = match self {
            Outcome::Failed(error) => Cause::Error(error),
            Outcome::Panicked(panic) => Cause::Panic(panic),
            Outcome::Done(_) | Outcome::Stopped => return None,
        };
        Some(Failure { index, cause })
    }
}

impl<R, E: fmt::Display> fmt::Display for Outcome<R, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Outcome::Done(_) => f.write_str("done"),
            Outcome::Failed(error) => write!(f, "failed: {error}"),
            Outcome::Panicked(panic) => panic.fmt(f),
            Outcome::Stopped => f.write_str("stopped"),
        }
    }
}
