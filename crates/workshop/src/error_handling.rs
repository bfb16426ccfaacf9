//! Chapter 10: error handling.

mod error_handling1;
mod error_handling2;
mod error_handling3;

pub use error_handling1::*;
pub use error_handling2::*;
pub use error_handling3::*;
