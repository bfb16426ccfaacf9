//! Wrong answers to pool1 that the explorer can't tell from right ones. Clippy has to reject each of them.

pub mod half_std;
pub mod renamed_std;
