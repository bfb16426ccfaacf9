#![doc = include_str!("../README.md")]
//!
//! # Map
//!
//! [`Timeline`] is what spans are recorded into, [`Span`] and [`Entered`] are spans while they run,
//! [`Recording`] and its [`SpanRecord`]s are what comes of them. A [`Sweep`] is a set of such runs, one for
//! each combination of parameters, for a page to slide through.

mod recording;
mod span;
mod sweep;
mod timeline;

pub use recording::{Recording, SpanRecord};
pub use span::{Entered, Span};
pub use sweep::{Parameter, Run, Selection, Sweep, SweptRow};
pub use timeline::Timeline;
