//! Grades the exercises. An exercise that is about threads is explored in every order; one that is about tasks runs in
//! virtual time. The learner gets a failing execution or timeline of their own code, and a sentence about it.
//!
//! An exercise is a program whose `main` passes what it defines to a grader and returns the [`Verdict`]. Each exercise
//! has a grader of its own, in a module of its name. The other modules are what graders share:
//!
//! | module | what it does |
//! |---|---|
//! | `race` | explores an answer, and picks the execution to show |
//! | `why` | explains what went wrong in any exercise: a refusal, a panic, a thread that waits forever |
//! | `call` | takes a drawn operation apart, so that a grader can ask what it did |
//! | `prediction` | compares a list of predicted outcomes with those that are possible |
//! | `virtual_time` | runs an answer on a paused clock |
//! | `deliver` | runs a grader, and gets a verdict even from an answer that panics or never ends |
//! | `verdict` | what a grader returns, and how it is printed |

// What the exercises are not allowed, graders are.
#![allow(clippy::disallowed_types, clippy::disallowed_methods)]

pub mod atomics;
mod call;
mod deliver;
pub mod pool;
mod prediction;
mod race;
pub mod sse;
mod verdict;
mod virtual_time;
mod why;

#[cfg(test)]
#[path = "../wrong/answer.rs"]
mod answer;
// Wrong answers name this crate as an exercise does.
#[cfg(test)]
extern crate self as workshop;

pub use verdict::Verdict;

/// The types of `std::sync`, for exercises: the explorer tries every order of their operations.
pub mod sync {
    pub use interleave::sync::*;
}
