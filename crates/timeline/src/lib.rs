#![doc = include_str!("../README.md")]
//!
//! # Map
//!
//! [`Timeline`] is what spans are recorded into, [`Span`] and [`Entered`] are spans while they run,
//! [`Recording`] and its [`SpanRecord`]s are what comes of them.

mod recording;
mod span;
mod timeline;

pub use recording::{Recording, SpanRecord};
pub use span::{Entered, Span};
pub use timeline::Timeline;
