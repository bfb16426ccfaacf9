//! Chapter 8: the hibernation check.

mod hibernation1;
mod hibernation2;

pub use hibernation1::*;
pub use hibernation2::*;
