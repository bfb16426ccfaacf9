//! Chapter 7: atomic counters.

mod atomics1;
mod atomics2;
mod atomics3;
mod atomics4;

pub use atomics1::*;
pub use atomics2::*;
pub use atomics3::*;
pub use atomics4::*;
