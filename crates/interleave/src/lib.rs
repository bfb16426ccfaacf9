#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod describe;
mod event;
mod execution;
mod exploration;
mod explorer;
mod panics;
mod recording;
mod run;
mod source;

pub mod cell;
pub mod future;
pub mod sync;
pub mod thread;

pub use execution::{End, Execution};
pub use exploration::{Cleared, Coverage, Exploration, Failing, Shown};
pub use explorer::{Explorer, Refused, explore};
pub use recording::{Ended, Holds, Operation, Recorded, Recording};
