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
//!
//! # The modules
//!
//! | module | how it asks | the talk's 100 resources, 50 ms per call |
//! |---|---|---|
//! | [`sequential`] | gets one resource after another | 100 requests, 5,000 ms |
//! | [`batches`] | gets ten resources, waits for all of them, and gets the next ten | 100 requests, 500 ms |
//! | [`window`] | gets ten resources at once, and the next one when one is there | 100 requests, 500 ms |
//! | [`listed`] | lists each kind, all kinds at once | 6 requests, 50 ms |
//! | [`watched`] | looks the resources up in a copy that a watch keeps up to date | none, once it is warm |
//!
//! Each has a function `check(client, resources, limits)`, which returns a [`Report`]. [`hibernate`] and [`wake`] change
//! the workloads, and report what became of each.

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
