#![doc = include_str!("../README.md")]
//!
//! # The diagram
//!
//! A hundred resources of a cluster are checked in batches of ten. Each worker adds to two atomic counters: 85 resources
//! can be hibernated, and 42 of them are. The status is "Partially Hibernated". At 50 ms per call, the check takes
//! 5,000 ms one call after another, and 500 ms in batches.
//!
//! # The defect
//!
//! A reader that asks for the status meanwhile loads two counters, one after the other ([`torn_counts`]). In between, a
//! worker adds to both.
//!
//! Another defect is from production: a call that failed is counted as a "no" ([`error_as_no`]).
//!
//! # The fix
//!
//! All counts are in one word ([`tally`]). Unknown is one of them, and it is a [`Status`], too.

mod answer;
pub mod batches;
mod calls;
mod change;
mod check;
mod counts;
pub mod error_as_no;
mod failure;
mod find;
mod health;
mod hibernate;
mod limits;
pub mod listed;
mod obedient;
mod pages;
mod report;
mod resource;
pub mod sequential;
mod status;
mod strategy;
mod sync;
pub mod tally;
pub mod torn_counts;
mod wake;
pub mod watched;
pub mod window;
mod write;

pub use answer::{ANNOTATION, Answer, Reason};
pub use change::Change;
pub use counts::Counts;
pub use failure::{Cause, Failure};
pub use find::{Scope, find};
pub use hibernate::hibernate;
pub use limits::Limits;
pub use report::Report;
pub use resource::Resource;
pub use status::Status;
pub use strategy::Strategy;
pub use tally::Tally;
pub use wake::wake;

#[cfg(test)]
mod models;
