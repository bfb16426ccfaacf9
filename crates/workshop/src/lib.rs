//! Grades the exercises: explores what a learner wrote, or runs it in virtual time, and answers with their own
//! failing execution, or their own timeline beside the wanted one, and one sentence.
//!
//! An exercise is a program. Its `main` hands what it defines to a function of this crate, which prints a
//! verdict and ends the process: with status 0 if the exercise is solved, with 1 if not.

// The grader is not what is graded.
#![allow(clippy::disallowed_types, clippy::disallowed_methods)]

pub mod atomics;
pub mod pool;
mod race;
mod run;
pub mod sse;
mod verdict;

/// What exercises synchronise with: the same names as std's, but each order of the operations is tried.
pub mod sync {
    pub use interleave::sync::*;
    // For the chapters' own kernels, which are explored here as they stand.
    pub(crate) use interleave::sync::atomic::{AtomicUsize, Ordering};
}
