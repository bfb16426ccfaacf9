#![doc = include_str!("../README.md")]
//!
//! # The diagram
//!
//! One request checks 1,000 permissions, and the database admits 10 connections. All at once, the connections run out,
//! queries time out, and the service goes down. In ten batches of 100, each checked by 10 workers, it takes 1.5 s.
//!
//! # The defect
//!
//! Two requests that look for a free permit and then take it can both take the last one ([`extra_connection`]). Two
//! requests that load the state of a token bucket and then store the next one can both spend the same token
//! ([`double_spend`]).
//!
//! # The fix
//!
//! Look and take in one operation: a compare-exchange fails if another request was faster ([`permits`],
//! [`token_bucket`]).
//!
//! # The modules
//!
//! | module | what it limits | 1,000 checks of 15 ms |
//! |---|---|---|
//! | [`unlimited`] | nothing | 15 ms, if the database admits 1,000 connections |
//! | [`batches`] | connections; each batch waits for its slowest check | 1,500 ms |
//! | [`window`] | connections | 1,500 ms |
//! | [`token_bucket`] | the rate: 500 a second after a burst of 10 | 1,995 ms |
//!
//! Each has a function `check_all(permissions, limits, check)`, which returns an answer for each permission, in their
//! order, or why there is none.
//!
//! A split into a number of batches can lose the remainder: [`lost_remainder`] shows how. Batches of a size, by
//! `chunks`, can't.

mod acquiring;
pub mod batches;
mod check_error;
pub mod double_spend;
pub mod extra_connection;
mod gcra;
mod limits;
pub mod lost_remainder;
mod permission;
pub mod permits;
mod rate;
mod refused;
mod sync;
pub mod token_bucket;
pub mod unlimited;
pub mod window;

#[cfg(test)]
mod models;

pub use check_error::CheckError;
pub use limits::Limits;
pub use permission::Permission;
pub use permits::Permits;
pub use rate::{OutOfRange, Rate};
pub use refused::Refused;
pub use token_bucket::TokenBucket;
