#![doc = include_str!("../README.md")]
//!
//! # The diagram
//!
//! Five items of 100 ms take 500 ms one after another and 200 ms three at a time. All at once they take 100 ms, if
//! the connections or files that they share don't run out.
//!
//! # The defect
//!
//! Two workers that load the index of the next item and then store its successor can load the same index,
//! and one item is processed twice ([`doubled_claim`]). A worker that checks a queue under a lock, releases the lock
//! and then waits can miss its wake-up ([`lost_wake_up`]). A worker that doesn't check again when it wakes up can
//! find its item gone ([`stolen_wake_up`]).
//!
//! # The fix
//!
//! `fetch_add` loads and stores in one operation ([`claims`]). [`window`] and [`threads`] use it. The check
//! and the wait become one operation under one lock ([`queue`]).
//!
//! # The modules
//!
//! | module | what it does | five items of 100 ms, limit 3 |
//! |---|---|---|
//! | [`sequential`] | runs one item after another | 500 ms |
//! | [`unlimited`] | runs all items at once | 100 ms, if nothing runs out |
//! | [`batches`] | runs a batch of at most `limit`, waits for all of it, and runs the next | 200 ms |
//! | [`window`] | runs at most `limit`, and starts the next item when one finishes | 200 ms |
//! | [`threads`] | does what `window` does, on OS threads | 200 ms |
//!
//! Each has a function `run(items, limit, work)`, which returns the results in the order of the items. All but
//! [`threads::run`], which blocks, are `async`.
//!
//! Batches of size 0 never finish: [`endless_batches`] shows what happens. `run` rules that size out, because its
//! limit is a `NonZeroUsize`.

pub mod batches;
pub mod claims;
pub mod doubled_claim;
pub mod endless_batches;
mod items;
pub mod lost_wake_up;
mod order;
pub mod queue;
pub mod sequential;
pub mod stolen_wake_up;
mod sync;
pub mod threads;
pub mod unlimited;
pub mod window;
pub mod workload;

#[cfg(test)]
mod models;
