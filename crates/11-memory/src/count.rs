//! How the owners of a task's memory are counted.

/// A number of owners, of which the last one frees what they own. [`Owners`](crate::owners::Owners) is correct. The
/// others are broken on purpose, so that [`TaskRef`](crate::TaskRef) can be explored with each of them.
pub trait Count: Send + Sync + 'static {
    /// Starts with one owner.
    fn one() -> Self;

    /// Counts one more owner. The caller must be one, so that the number can't be zero.
    fn add(&self);

    /// Counts one more owner, unless there is none any more. Returns whether the caller is an owner now.
    fn add_unless_zero(&self) -> bool;

    /// Counts one owner less. Returns whether that was the last one, which then has to free the memory. Everything
    /// that any owner did before its call happens before that return.
    fn remove(&self) -> bool;
}
