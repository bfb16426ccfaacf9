#![doc = include_str!("../README.md")]
//!
//! # The diagram
//!
//! Two patterns. In the first, every worker sends its error into a channel of 100, and the caller reads as many messages
//! as there are items. In the second, a group returns the first error and cancels the rest.
//!
//! # The defect
//!
//! A worker looks whether there is an error and then writes its own: the second error overwrites the first
//! ([`overwritten`]). A reader stops at the first error and keeps its receiver: the senders wait forever ([`leaked`]).
//!
//! Two defects are from production. All tasks assign to one variable, so that a later success erases a failure
//! ([`last_result`]). A pool keeps its error in a channel, and each look receives it: the pool reports success, or waits
//! forever ([`taken_error`]).
//!
//! # The fix
//!
//! The look and the write are one operation ([`first`]). A reader that leaves drops its receiver, or says so
//! ([`channel`]). A look leaves the error where it is ([`kept_error`]).
//!
//! # The modules
//!
//! | module | what it returns | five items of 200 ms, the second fails at 120 ms |
//! |---|---|---|
//! | [`error_channel`] | every failure, in the order in which they happen | returns at 200 ms |
//! | [`leaked`] | the first failure, and leaves the rest behind | returns at 120 ms; three tasks wait forever |
//! | [`first_error`] | all results, or the first failure | returns at 120 ms, and the rest has stopped |
//! | [`all_errors`] | one [`Outcome`] per item, in order | returns at 200 ms |
//!
//! Each has a function `run(items, limit, work)`, where `work` returns a future of a `Result`. They run on the
//! window of chapter 1. A panic is a failure, with its message and its place.

pub mod all_errors;
mod attempts;
mod caught;
pub mod channel;
pub mod error_channel;
mod failure;
pub mod first;
pub mod first_error;
pub mod kept_error;
pub mod last_result;
pub mod leaked;
mod outcome;
pub mod overwritten;
mod reporter;
mod sync;
pub mod taken_error;

pub use caught::Panic;
pub use failure::{Cause, Failure};
pub use outcome::Outcome;

#[cfg(test)]
mod models;

/// Two threads that assign to one variable, which doesn't compile in Rust.
#[cfg(doctest)]
#[doc = concat!(
    "```compile_fail,E0499\n",
    include_str!("../examples/refused/shared_error.rs"),
    "```"
)]
mod shared_error {}
