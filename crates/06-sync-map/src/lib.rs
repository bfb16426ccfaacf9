#![doc = include_str!("../README.md")]
//!
//! # The diagram
//!
//! A worker for each cluster stores its result in a shared map. Once all workers are done, all results are there.
//!
//! # The defect
//!
//! A map whose methods are safe doesn't make two calls in a row safe. A thread that looks for a key, finds nothing,
//! computes the value and inserts it can overlap another one that does the same ([`doubled_computation`]). `len` and
//! `contains` in a row are of two moments ([`two_moments`]).
//!
//! # The fix
//!
//! Claim the key under the lock, and compute outside of it ([`Memo`], and [`async_memo`] for computations that await).
//! Ask both questions under one lock ([`one_moment`]). If the results are only collected, return them, and share no map
//! ([`returned`]).
//!
//! # The modules
//!
//! | module | what is shared |
//! |---|---|
//! | [`mutex_map`] | a map under one lock |
//! | [`sharded`] | a map in parts, each under its own lock |
//! | [`concurrent`] | papaya's map, which has no lock |
//! | [`returned`] | nothing |
//!
//! Each has a function `collect(clusters, limit, work)`, which returns the results by cluster. Each of the first three
//! has a `Map` with `get`, `insert`, `update` and `remove`.
//!
//! [`doubled_lock`] is from production: a lock for each person, of which two can exist. [`keyed_lock`] fixes it.

pub mod async_memo;
mod chain;
mod claim;
pub mod concurrent;
mod cycle;
pub mod doubled_computation;
pub mod doubled_lock;
pub mod keyed_lock;
pub mod memo;
pub mod mutex_map;
pub mod one_moment;
mod progress;
pub mod returned;
pub mod sharded;
mod sync;
pub mod two_moments;

pub use cycle::Cycle;
pub use memo::Memo;
pub use progress::Progress;

#[cfg(test)]
mod models;

/// Storing into one map from several threads without a lock, which doesn't compile in Rust.
#[cfg(doctest)]
#[doc = concat!(
    "```compile_fail,E0499\n",
    include_str!("../examples/refused/unsynchronised.rs"),
    "```"
)]
mod unsynchronised {}
