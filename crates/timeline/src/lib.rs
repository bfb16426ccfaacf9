#![doc = include_str!("../README.md")]
//!
//! # Map
//!
//! [`record`] runs a future and returns its recording. A [`Timeline`] records spans. [`Span`] and [`Entered`] are spans while they run. A [`Recording`] is the
//! result, with one [`SpanRecord`] per span. A [`Sweep`] is a set of runs, one for each combination of
//! parameters, that a page shows with sliders. [`Sweep::record`] makes those runs.

mod log;
mod record;
mod recording;
mod span;
mod sweep;
mod timeline;

pub use record::record;
pub use recording::{Recording, SpanRecord};
pub use span::{Entered, Span};
pub use sweep::{Parameter, Run, Selection, Sweep, SweptRow};
pub use timeline::Timeline;
