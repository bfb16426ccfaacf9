//! Which item failed, and why.

use std::error::Error;
use std::fmt;

use crate::Panic;

/// An item that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure<E> {
    /// The item's index.
    pub index: usize,
    /// Why it failed.
    pub cause: Cause<E>,
}

/// Why an item failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause<E> {
    /// It returned this error.
    Error(E),
    /// It panicked.
    Panic(Panic),
}

impl<E: fmt::Display> fmt::Display for Failure<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "item {}: ", self.index + 1)?;
        match &self.cause {
            Cause::Error(error) => error.fmt(f),
            Cause::Panic(panic) => panic.fmt(f),
        }
    }
}

impl<E: Error> Error for Failure<E> {}
