//! Chapter 12: deploy to 50 clusters.

mod deploy1;
mod deploy2;

pub use deploy1::*;
pub use deploy2::*;
