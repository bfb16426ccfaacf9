//! The types whose values pictures show.

use crate::event::Value;

/// A number or a truth value: what an atomic can hold.
pub trait Word: Copy + Eq {
    /// Returns the value as it is recorded.
    fn value(self) -> Value;
}
