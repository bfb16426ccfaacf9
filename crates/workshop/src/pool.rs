//! Chapter 1: the worker pool.

mod pool1;
mod pool2;
mod pool3;
mod pool4;

pub use pool1::*;
pub use pool2::*;
pub use pool3::*;
pub use pool4::*;
