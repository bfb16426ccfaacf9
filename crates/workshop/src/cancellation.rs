//! Chapter 4: cancellation.

mod cancellation1;
mod cancellation2;
mod cancellation3;

pub use cancellation::Token;

pub use cancellation1::*;
pub use cancellation2::*;
pub use cancellation3::*;
