#![doc = include_str!("../README.md")]

mod recording;
mod span;
mod timeline;

pub use recording::{Recording, SpanRecord};
pub use span::{Entered, Span};
pub use timeline::Timeline;
