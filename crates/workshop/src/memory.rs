//! Chapter 11: goroutines and threads.

mod memory1;
mod memory2;

pub use memory1::*;
pub use memory2::*;
