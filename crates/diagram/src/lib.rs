#![doc = include_str!("../README.md")]
//!
//! # Map
//!
//! | to draw | take | whose data is |
//! | --- | --- | --- |
//! | what ran when | [`Gantt`] | [`Row`]s of [`Bar`]s, each with its [`End`] |
//! | who did what in which order | [`Lanes`] | [`Step`]s, some with a [`Mark`] |
//! | how much of something | [`Bars`] | [`Measurement`]s and their unit |
//! | boxes and arrows | [`Drawing`] | the text itself, checked by [`check_boxes`] |
//!
//! Each of the four has the same three methods: `check` says whether the data can be drawn, `text`
//! draws it within a stated width, `svg` draws it for a slide in a [`Theme`]. [`Picture`] holds any
//! of them, and is what JSON files hold. What can't be drawn is an [`Error`] that says what to
//! change; nothing here panics on bad data.
//!
//! A test that draws a picture checks it against the committed file with [`assert_snapshot!`].

mod bars;
mod boxes;
mod cells;
mod drawing;
mod error;
mod gantt;
mod lanes;
mod number;
mod picture;
mod snapshot;
mod svg;
mod theme;

#[doc(hidden)]
pub use bars::Measurement as Measure;
pub use bars::{Bars, Measurement};
pub use boxes::{Direction, LooseEnd, check_boxes};
pub use drawing::Drawing;
pub use error::Error;
pub use gantt::{Bar, End, Gantt, Row};
pub use lanes::{Lanes, Mark, Step};
pub use picture::Picture;
pub use snapshot::{Snapshot, check_snapshot, snapshot_difference};
pub use theme::Theme;

/// The width, in cells, at which pictures are displayed.
///
/// It is what `Display` uses, and a width that fits a book's page and a terminal.
pub const WIDTH: usize = 80;
