//! Chapter 5: the SSE broker.

mod sse1;
mod sse2;
mod sse3;
mod sse4;

pub use sse1::*;
pub use sse2::*;
pub use sse3::*;
pub use sse4::*;
