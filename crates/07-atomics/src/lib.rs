#![doc = include_str!("../README.md")]
//!
//! # The diagram
//!
//! Two workers add 1 to a counter. Each reads it and then writes it back: both read 0, both write 1, and
//! the counter is 1. With an atomic addition it is 2.
//!
//! # The defect
//!
//! Between reading and writing another worker's increment can come, and is overwritten ([`lost_update`]).
//! That both accesses are atomic doesn't help.
//!
//! # The fix
//!
//! Reading and writing are one operation: `fetch_add` ([`counter`]), or a lock held over both ([`mutex`]).
//!
//! # The second defect
//!
//! A flag says that a value is there. With `Relaxed`, a reader can see the flag and not the value
//! ([`stale_publication`]); Release and Acquire mend that ([`publish`]).
//!
//! # The modules
//!
//! | module | what it is |
//! |---|---|
//! | [`lost_update`] | load, then store: loses updates |
//! | [`counter`] | one `fetch_add` |
//! | [`mutex`] | a number under a lock |
//! | [`sharded`] | a part for each core, each on a cache line of its own |
//! | [`falsely_shared`] | the same without the padding: right, and slow |
//! | [`stale_publication`] | a value and a flag, `Relaxed`: the flag may come first |
//! | [`publish`] | a value and a flag, Release and Acquire |
//!
//! Each counter has `new()`, `increment(&self)` and `get(&self) -> u64`.

#![forbid(unsafe_code)]

pub mod counter;
pub mod falsely_shared;
pub mod lost_update;
pub mod mutex;
pub mod publish;
pub mod sharded;
pub mod stale_publication;
mod sync;

#[cfg(test)]
mod models;

/// The talk's plain counter, which Rust doesn't compile.
#[cfg(doctest)]
#[doc = concat!(
    "```compile_fail,E0499\n",
    include_str!("../examples/refused/unsynchronised.rs"),
    "```"
)]
mod unsynchronised {}
