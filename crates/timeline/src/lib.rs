#![doc = include_str!("../README.md")]
//!
//! # Map
//!
//! A [`Timeline`] records spans. [`Span`] and [`Entered`] are spans while they run. A [`Recording`] is the
//! result, with one [`SpanRecord`] per span. A [`Sweep`] is a set of runs, one for each combination of
//! parameters, that a page shows with sliders.

mod log;
mod recording;
mod span;
mod sweep;
mod timeline;

pub use recording::{Recording, SpanRecord};
pub use span::{Entered, Span};
pub use sweep::{Parameter, Run, Selection, Sweep, SweptRow};
pub use timeline::Timeline;
