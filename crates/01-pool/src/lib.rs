#![doc = include_str!("../README.md")]
//!
//! # The diagram
//!
//! Five items of 100 ms: one after the other they take 500 ms; all at once 100 ms, and whatever they
//! share is asked for everything at once; three at a time 200 ms.
//!
//! # The defect
//!
//! Workers that read the number of the next item and then move it on can read the same number: an item
//! is worked on twice ([`doubled_claim`]).
//!
//! # The fix
//!
//! Reading and moving on are one operation, `fetch_add` ([`claims`]); [`window`] and [`threads`] run on
//! it. Looking and beginning to wait are one operation too, under one lock ([`queue`]).
//!
//! # The modules
//!
//! | module | what it does | five items of 100 ms, limit 3 |
//! |---|---|---|
//! | [`sequential`] | one after the other | 500 ms |
//! | [`unlimited`] | everything at once | 100 ms, if it lasts |
//! | [`batches`] | so many at once, then waits for all of them | 200 ms |
//! | [`window`] | so many at once, the next as soon as one ends | 200 ms |
//! | [`threads`] | as the window, on OS threads | 200 ms |
//!
//! Each has `run(items, limit, work)`, a future of the results in the order of the items; that of
//! [`threads`] blocks instead.

pub mod batches;
pub mod claims;
pub mod doubled_claim;
mod items;
pub mod lost_wake_up;
mod order;
pub mod queue;
pub mod sequential;
mod sync;
pub mod threads;
pub mod unlimited;
pub mod window;
pub mod workload;

#[cfg(test)]
mod models;
