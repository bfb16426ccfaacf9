//! Chapter 6: thread-safe result collection.

mod sync_map1;
mod sync_map2;
mod sync_map3;

pub use sync_map1::*;
pub use sync_map2::*;
pub use sync_map3::*;

/// Returns how often something was done, in words.
fn times(count: u32) -> String {
    match count {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        _ => format!("{count} times"),
    }
}
