//! Chapter 3: rate limiting.

mod rate_limiting1;
mod rate_limiting2;
mod rate_limiting3;

pub use rate_limiting1::*;
pub use rate_limiting2::*;
pub use rate_limiting3::*;
