//! The answer to a request: three parts, each with its own outcome.

use std::any::Any;
use std::fmt;
use std::mem;
use std::thread;

use crate::Error;

/// The page that a request is answered with. A part that is missing says why, and the others are there.
// ANCHOR: page
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Page {
    /// The status of the CI pipeline.
    pub ci: Part<String>,
    /// The status of the CD pipeline.
    pub cd: Part<String>,
    /// The user's data.
    pub user: Part<String>,
}

/// What became of one part of a page.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Part<T> {
    /// The source answered.
    Ready(T),
    /// The source failed.
    Failed(Error),
    /// The page's patience ended before the source answered.
    Late,
    /// The fetch panicked, with this message.
    Panicked(String),
}
// ANCHOR_END: page

impl Page {
    /// Returns a page for which no source has answered yet.
    pub(crate) fn late() -> Page {
        Page {
            ci: Part::Late,
            cd: Part::Late,
            user: Part::Late,
        }
    }

    /// Returns the parts with their names, in the order of the fields.
    pub fn parts(&self) -> [(&'static str, &Part<String>); 3] {
        [
            ("CI status", &self.ci),
            ("CD status", &self.cd),
            ("user data", &self.user),
        ]
    }
}

impl<T> Part<T> {
    pub(crate) fn panicked(payload: Box<dyn Any + Send>) -> Part<T> {
        let message = match payload.downcast::<String>() {
            Ok(message) => *message,
            Err(payload) => match payload.downcast_ref::<&str>() {
                Some(message) => (*message).to_owned(),
                None => {
                    // Not dropped: its own panic would reach the other parts.
                    mem::forget(payload);
                    "a value that isn't text".to_owned()
                }
            },
        };
        Part::Panicked(message)
    }
}

impl<T> From<Result<T, Error>> for Part<T> {
    fn from(answer: Result<T, Error>) -> Part<T> {
        match answer {
            Ok(value) => Part::Ready(value),
            Err(error) => Part::Failed(error),
        }
    }
}

/// What `catch_unwind` returns for a fetch.
impl<T> From<thread::Result<Result<T, Error>>> for Part<T> {
    fn from(caught: thread::Result<Result<T, Error>>) -> Part<T> {
        match caught {
            Ok(answer) => Part::from(answer),
            Err(payload) => Part::panicked(payload),
        }
    }
}

impl<T: fmt::Display> fmt::Display for Part<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Part::Ready(value) => value.fmt(f),
            Part::Failed(error) => write!(f, "failed: {error}"),
            Part::Late => f.write_str("late"),
            Part::Panicked(message) => write!(f, "panicked: {message}"),
        }
    }
}

/// One line per part: `CD status: late`.
impl fmt::Display for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, part) in self.parts() {
            writeln!(f, "{name}: {part}")?;
        }
        Ok(())
    }
}
