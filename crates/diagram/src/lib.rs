#![doc = include_str!("../README.md")]
//!
//! # Map
//!
//! | to show | use | which holds |
//! | --- | --- | --- |
//! | what ran when | [`Gantt`] | [`Row`]s of [`Bar`]s, each with its [`End`] |
//! | which thread did what, in which order | [`Lanes`] | [`Step`]s, some with a [`Mark`] |
//! | how measurements compare | [`Bars`] | [`Measurement`]s and their unit |
//! | how a figure grows with another | [`Curve`] | [`Series`] of points over two [`Axis`]es, each with its [`Scale`] |
//! | which part leads to which | [`Flow`] | [`Node`]s in layers, and the [`Arrow`]s that join them |
//! | any other boxes and arrows | [`Drawing`] | the text itself, checked by [`check_boxes`] |
//!
//! All six have the same methods: `check` reports data that can't be drawn, `text` draws within a
//! given width, `svg` draws for a slide in a [`Theme`], and `description` puts the picture into words.
//! A [`Picture`] is any of the six; JSON files contain pictures. [`Picture::painted`] draws a text whose parts have
//! [`Meaning`]s, for a page with colours. Bad data never causes a panic. It
//! gives an [`Error`] that says what to change.
//!
//! A test that draws a picture compares it with the committed file by calling [`assert_snapshot!`].

mod bars;
mod boxes;
mod cells;
mod curve;
mod drawing;
mod error;
mod flow;
mod gantt;
mod lanes;
mod meaning;
mod number;
mod painted;
mod picture;
mod snapshot;
mod svg;
mod theme;

pub use bars::{Bars, Measurement};
pub use boxes::{Direction, LooseEnd, check_boxes};
pub use curve::{Axis, Curve, Scale, Series};
pub use drawing::Drawing;
pub use error::Error;
pub use flow::{Align, Arrow, Block, Flow, Node, Part};
pub use gantt::{Bar, End, Gantt, Row};
pub use lanes::{Lanes, Mark, Step};
pub use meaning::Meaning;
pub use painted::{Painted, Run};
pub use picture::Picture;
pub use snapshot::{Snapshot, check_snapshot, snapshot_difference};
pub use theme::Theme;

/// The width, in cells, that `Display` uses. It fits a book's page and a terminal.
pub const WIDTH: usize = 80;
