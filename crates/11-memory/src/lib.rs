#![doc = include_str!("../README.md")]
//!
//! # The diagram
//!
//! A thread has a stack of 2 MB, and a goroutine one of 2 KB: 200 MB against 200 KB for a hundred of them. The first
//! figure is what is reserved, and the second what is used. `examples/measure.rs` measures both for both, and for tasks
//! and futures, too. What a future takes is what it holds while it waits ([`held`]).
//!
//! # The defect
//!
//! A task is freed by its last owner. With a `Relaxed` decrement, the last owner knows that it is the last, but nothing
//! orders its free after the other owners' accesses ([`unordered_free`]).
//!
//! # The fix
//!
//! Decrement with `Release`, and fence with `Acquire` before the free ([`owners`]).
//!
//! # The second defect
//!
//! A list of all tasks owns none of them. A wake that looks at a task's count and then adds to it can bring back a task
//! that was freed in between ([`revived`]). An exchange that refuses zero can't ([`owners`]).
//!
//! # The modules
//!
//! | module | what it is |
//! |---|---|
//! | [`TaskRef`] | one of several owners of a task's memory |
//! | [`Entry`] | a reference to that memory that owns nothing |
//! | [`count`] | what a number of owners has to do |
//! | [`owners`], [`unordered_free`], [`revived`] | that number: correct, and broken twice |
//! | [`queued`] | whether a task waits in the queue |
//! | [`Executor`] | runs futures, whose wakers own their tasks |
//! | [`held`] | five futures that do the same and differ in size |

#[cfg(not(test))]
mod cell;
pub mod count;
mod entry;
mod executor;
pub mod held;
mod list;
pub mod owners;
pub mod queued;
pub mod revived;
mod sync;
mod task;
mod task_ref;
pub mod unordered_free;
mod waker;

pub use entry::Entry;
pub use executor::Executor;
pub use task_ref::TaskRef;

#[cfg(test)]
mod models;
