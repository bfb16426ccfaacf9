#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod call;
mod coherence;
mod describe;
mod event;
mod execution;
mod exploration;
mod explorer;
mod outcomes;
mod panics;
mod recording;
mod refused;
mod replay;
mod run;
mod source;
mod variants;

pub mod cell;
pub mod future;
pub mod gallery;
pub mod sync;
pub mod thread;

pub use call::Call;
pub use execution::{End, Execution};
pub use exploration::{Coverage, Exploration, Failing, Passing, Shown};
pub use explorer::{Explorer, explore};
pub use recording::{AtomicValue, Ended, Operation, Recorded, Recording};
pub use refused::{Reason, Refused};
