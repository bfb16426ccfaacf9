//! Why a source had no answer.

use std::fmt;

/// The error of a source: a message for the page.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Error {
    message: String,
}

impl Error {
    /// Returns an error with a message, such as `connection reset`.
    pub fn new(message: impl Into<String>) -> Error {
        Error {
            message: message.into(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
