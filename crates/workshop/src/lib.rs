//! Grades the exercises. Code with threads is explored in every order, and code with tasks runs in virtual time. A
//! learner sees an execution or a timeline of their own code, and a sentence about it.
//!
//! An exercise is a program. Its `main` passes what it defines to the grader in the module of the same name, and returns
//! the [`Verdict`]. The graders share the other modules:
//!
//! | module | what it does |
//! |---|---|
//! | `race` | explores an answer, and chooses the execution to show |
//! | `why` | has the sentences that fit any exercise, such as those about a thread that waits forever |
//! | `call` | answers questions about an operation |
//! | `prediction` | compares a list of predicted outcomes with those that are possible |
//! | `virtual_time` | runs an answer on a paused clock |
//! | `deliver` | runs a grader, and returns a verdict even if the answer panics or never ends |
//! | `verdict` | is what a grader returns, and prints it |

// Graders may use what exercises may not.
#![allow(clippy::disallowed_types, clippy::disallowed_methods)]

pub mod atomics;
mod call;
pub mod cancellation;
pub mod comparison;
mod deliver;
pub mod deploy;
pub mod error_handling;
pub mod fan_out;
pub mod hibernation;
pub mod memory;
pub mod pool;
mod prediction;
mod race;
pub mod rate_limiting;
pub mod sse;
pub mod sync_map;
mod verdict;
mod virtual_time;
mod why;

pub use verdict::Verdict;

/// The same types as in `std::sync`. The explorer tries every order of their operations.
pub mod sync {
    pub use interleave::sync::*;
}
