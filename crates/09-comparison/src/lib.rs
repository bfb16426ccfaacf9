#![doc = include_str!("../README.md")]
//!
//! # The diagram
//!
//! A hundred items of 50 ms take 5,000 ms one after another, 50 ms all at once, and 500 ms ten at a time. The talk calls
//! the memory of the three *low*, *high* and *low*, and the risk of the second *resource exhaustion*. This chapter
//! measures both.
//!
//! # The defect
//!
//! A gauge counts what is in flight, and remembers the peak. Another thread can raise the peak between the comparison
//! and the store, and the store then lowers it ([`lost_peak`]). If a call panics or its future is dropped, the line that
//! counts down never runs ([`skipped_leave`]).
//!
//! # The fix
//!
//! `fetch_max` compares and stores in one operation, and the drop of a guard counts down ([`in_flight`]).
//!
//! # The modules
//!
//! | module | what it does |
//! |---|---|
//! | [`in_flight`] | counts what is in flight, and keeps the peak |
//! | [`lost_peak`] | the same with a load, a comparison and a store |
//! | [`skipped_leave`] | the same without a guard |
//! | [`strategy`] | the ways to run the items: chapter 1's variants, and `buffer_unordered` |
//! | [`buffer_unordered`] | runs at most `limit` items at once, all on the caller's task |
//! | [`descriptors`] | the file descriptors that the items need, of which there are only so many |
//! | [`measured`] | runs one strategy on one list of items, and measures it |
//! | [`law`] | how long a strategy takes, computed from the durations |
//! | [`table`] | all strategies over one or more workloads, as text and as JSON |
//! | [`advice`] | says which strategy to choose |
//!
//! Every async strategy has the signature of chapter 1: `run(items, limit, work)` returns the results in the order of
//! the items.

pub mod advice;
pub mod buffer_unordered;
pub mod descriptors;
pub mod in_flight;
pub mod law;
pub mod lost_peak;
pub mod measured;
pub mod skipped_leave;
pub mod strategy;
mod sync;
pub mod table;

#[cfg(test)]
mod models;
