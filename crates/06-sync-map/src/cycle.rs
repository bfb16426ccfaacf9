//! The error of a computation that would wait for itself.

use std::error::Error;
use std::fmt;

/// A computation asked for a key whose value depends on the computation itself. Waiting for it would never end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cycle;

impl fmt::Display for Cycle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the computation of this key would wait for itself")
    }
}

impl Error for Cycle {}
