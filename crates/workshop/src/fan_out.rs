//! Chapter 2: fan-out and fan-in.

mod fan_out1;
mod fan_out2;
mod fan_out3;
mod replica;

pub use fan_out1::*;
pub use fan_out2::*;
pub use fan_out3::*;
pub use replica::{Down, Replica};
