//! What became of the tasks of a scope.

use std::any::Any;
use std::fmt;

/// What became of each task of a scope. Returned by [`Scope::finish`](crate::tree::Scope::finish).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report<R> {
    /// Why the scope ended.
    pub cause: Cause,
    /// All tasks, in the order of their spawning.
    pub tasks: Vec<Task<R>>,
}

/// One task of a scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task<R> {
    /// The name under which it was spawned.
    pub name: String,
    /// What became of it.
    pub outcome: Outcome<R>,
}

/// Why a scope ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cause {
    /// All its tasks ended.
    Finished,
    /// Its token or one above it was cancelled.
    Cancelled,
    /// Its deadline passed.
    Deadline,
}

/// What became of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome<R> {
    /// It returned a result, perhaps after the scope was cancelled.
    Done(R),
    /// It stopped because its token was cancelled, or it never started.
    Stopped,
    /// It didn't stop within the grace period, and was aborted, perhaps before it started.
    Aborted,
    /// It panicked, with this message.
    Panicked(String),
    /// It couldn't be stopped: it was still running when the report was made.
    StillRunning,
}

impl<R> Outcome<R> {
    pub(crate) fn panicked(payload: Box<dyn Any + Send>) -> Outcome<R> {
        let message = match payload.downcast::<String>() {
            Ok(message) => *message,
            Err(payload) => match payload.downcast_ref::<&str>() {
                Some(message) => (*message).to_owned(),
                None => "a value that isn't text".to_owned(),
            },
        };
        Outcome::Panicked(message)
    }
}

impl<R> fmt::Display for Outcome<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Outcome::Done(_) => f.write_str("done"),
            Outcome::Stopped => f.write_str("stopped"),
            Outcome::Aborted => f.write_str("aborted"),
            Outcome::Panicked(message) => write!(f, "panicked: {message}"),
            Outcome::StillRunning => f.write_str("still running"),
        }
    }
}
