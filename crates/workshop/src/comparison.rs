//! Chapter 9: sequential, unlimited, pool.

mod comparison1;
mod comparison2;
mod lost;

pub use comparison1::*;
pub use comparison2::*;
