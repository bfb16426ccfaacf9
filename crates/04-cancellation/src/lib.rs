#![doc = include_str!("../README.md")]
//!
//! # The diagram
//!
//! A browser leaves. Its handler cancels a token, and the work that was started for it stops before the next item.
//!
//! # The defect
//!
//! If a token is cancelled after a task has checked it and before the task registers to be woken, the task waits
//! forever ([`missed_cancel`]). In the same way, a child that joins a token's list of children can miss the cancellation
//! ([`orphaned_child`]).
//!
//! # The fix
//!
//! The check and the registration happen under the lock that a cancellation takes (`node`). [`Token`] is the handle
//! to a node.
//!
//! # The modules
//!
//! | module | what it does | five items of 100 ms, cancelled at 250 ms |
//! |---|---|---|
//! | [`ignored`] | never checks the token | returns at 500 ms, with all items done |
//! | [`polled`] | the talk's loop: checks between items | returns at 300 ms, with three items done |
//! | [`raced`] | waits for the item and the token at once | returns at 250 ms, with two items done |
//! | [`dropped`] | drops the future that does the work | returns at 250 ms, with two items done |
//! | [`tree`] | owns tasks, and accounts for each of them | returns after at most its grace period and 100 ms |
//!
//! The first four have a function `process(items, token, work)`, which returns the results so far and how it ended.
//!
//! [`dropped_cancel`] is from production: a deadline that has to be cancelled. Dropping a [`deadline`] cancels it.

pub mod deadline;
pub mod dropped;
pub mod dropped_cancel;
pub mod ignored;
pub mod missed_cancel;
mod node;
pub mod orphaned_child;
pub mod polled;
mod processed;
pub mod raced;
mod report;
mod stopped;
mod sync;
mod token;
pub mod tree;

pub use processed::{Ended, Processed};
pub use report::{Cause, Outcome, Report, Task};
pub use stopped::Stopped;
pub use token::{Cancelled, Token};

#[cfg(test)]
mod models;
