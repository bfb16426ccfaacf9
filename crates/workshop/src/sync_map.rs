//! Chapter 6: thread-safe result collection.

mod sync_map1;
mod sync_map2;
mod sync_map3;

pub use sync_map1::*;
pub use sync_map2::*;
pub use sync_map3::*;
