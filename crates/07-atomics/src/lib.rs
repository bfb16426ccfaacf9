#![doc = include_str!("../README.md")]
//!
//! # The diagram
//!
//! Two workers add 1 to a counter. Each reads it, adds 1 and writes the sum back. Both read 0, both
//! write 1, and the counter is 1. With an atomic addition, the counter is 2.
//!
//! # The defect
//!
//! Another worker can increment the counter between the read and the write, and the write then discards
//! that increment ([`lost_update`]). Both accesses are atomic, but that doesn't help.
//!
//! # The fix
//!
//! Read and write in one operation: `fetch_add` ([`counter`]), or a lock held across both ([`mutex`]).
//! Where no single operation computes the new value, a loop around `compare_exchange` does ([`limited`]).
//!
//! # The second defect
//!
//! A flag announces a value. With `Relaxed`, a reader can see the flag but not the value
//! ([`stale_publication`]). Release and Acquire fix that ([`publish`]).
//!
//! # The modules
//!
//! | module | what it is |
//! |---|---|
//! | [`lost_update`] | loads, then stores: loses updates |
//! | [`counter`] | a single `fetch_add` |
//! | [`mutex`] | a number under a lock |
//! | [`sharded`] | one number per core, each on its own cache line |
//! | [`falsely_shared`] | the same without the padding: correct, but slow |
//! | [`check_then_act`] | checks a limit, then adds: exceeds the limit |
//! | [`limited`] | checks and adds in a `compare_exchange` loop |
//! | [`rolled_back`] | compares, then stores: an older version replaces a newer one |
//! | [`newest`] | a single `fetch_max` |
//! | [`stale_publication`] | a value and a flag, both `Relaxed`: the flag can arrive first |
//! | [`publish`] | a value and a flag, with Release and Acquire |
//!
//! Each counter has `new`, `increment(&self)` and `get(&self) -> u64`.

#![forbid(unsafe_code)]

pub mod check_then_act;
pub mod counter;
pub mod falsely_shared;
pub mod limited;
pub mod lost_update;
pub mod mutex;
pub mod newest;
pub mod publish;
pub mod rolled_back;
pub mod sharded;
pub mod stale_publication;
mod sync;

#[cfg(test)]
mod models;

/// The talk's plain counter, which doesn't compile in Rust.
#[cfg(doctest)]
#[doc = concat!(
    "```compile_fail,E0499\n",
    include_str!("../examples/refused/unsynchronised.rs"),
    "```"
)]
mod unsynchronised {}
