#![doc = include_str!("../README.md")]

mod check_error;
mod limits;
mod permission;
mod rate;
pub mod unlimited;

pub use check_error::CheckError;
pub use limits::Limits;
pub use permission::Permission;
pub use rate::{OutOfRange, Rate};
