//! Why a picture can't be drawn.

use std::fmt;

// Straight from its own file: `boxes` uses `cells`, which uses this error.
use crate::boxes::loose_end::LooseEnd;

/// Why a picture can't be drawn. The message names the row, step or line and says what to change.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// There is nothing to draw.
    Empty {
        /// What is missing: `rows`, `lanes`, `layers`, `series` or `lines`.
        what: &'static str,
    },
    /// A time or a measurement is negative, infinite or NaN.
    Number {
        /// What the number belongs to.
        of: String,
        /// The number.
        value: f64,
    },
    /// A bar ends before it starts.
    Backwards {
        /// The row's label.
        row: String,
        /// When the bar starts.
        start_ms: f64,
        /// When it ends.
        end_ms: f64,
    },
    /// Two bars of a row overlap.
    Overlap {
        /// The row's label.
        row: String,
        /// When the earlier bar ends.
        end_ms: f64,
        /// When the later bar starts, which is before that.
        start_ms: f64,
    },
    /// A step is in a lane that doesn't exist.
    NoSuchLane {
        /// The step, counted from 1.
        step: usize,
        /// The step's lane, counted from 0.
        lane: usize,
        /// The number of lanes.
        lanes: usize,
    },
    /// A measurement's value is outside its spread.
    Spread {
        /// The row's label.
        row: String,
        /// The spread's lower end.
        low: f64,
        /// The value.
        value: f64,
        /// The spread's upper end.
        high: f64,
    },
    /// The baseline, which the rows are compared with, doesn't exist.
    NoSuchBaseline {
        /// The index of the baseline.
        baseline: usize,
        /// The number of rows.
        rows: usize,
    },
    /// The baseline is so close to 0 that a ratio to it isn't a finite number.
    NoRatio {
        /// The label of the row that has no ratio.
        row: String,
    },
    /// A label contains a line break or another character that would shift the text beside it.
    Label {
        /// The label.
        text: String,
        /// The first such character.
        glyph: char,
    },
    /// A drawing contains a glyph that isn't exactly one cell wide, or a control character.
    Glyph {
        /// The line, counted from 1.
        line: usize,
        /// The cell in that line, counted from 1.
        column: usize,
        /// The glyph, which may consist of several characters.
        glyph: String,
    },
    /// A series of a curve has no points.
    NoPoints {
        /// The series' label.
        series: String,
    },
    /// A point has a 0 on a logarithmic axis.
    NoLogarithm {
        /// The series' label.
        series: String,
        /// The axis' name.
        axis: String,
    },
    /// A point isn't to the right of the one before.
    Unsorted {
        /// The series' label.
        series: String,
        /// Where the point before is.
        before: f64,
        /// Where the point is.
        x: f64,
    },
    /// There are more curves than letters.
    TooMany {
        /// The number of curves.
        curves: usize,
        /// The number of curves that a picture may have.
        most: usize,
    },
    /// A line of a drawing is too wide.
    TooWide {
        /// The line, counted from 1.
        line: usize,
        /// The number of cells it takes.
        cells: usize,
        /// The number of cells it may take.
        width: usize,
    },
    /// A picture doesn't fit the width.
    NoRoom {
        /// What doesn't fit.
        what: String,
        /// The width, in cells.
        width: usize,
    },
    /// The lines of a drawing that don't meet another; at least one.
    LooseEnds(Vec<LooseEnd>),
    /// A layer of a flow has no boxes.
    EmptyLayer {
        /// The layer, counted from 1.
        layer: usize,
    },
    /// A box of a flow, or a box inside it, has no text.
    EmptyBox {
        /// The name of the box.
        name: String,
    },
    /// Two boxes of a flow have the same name.
    SameName {
        /// The name.
        name: String,
    },
    /// An arrow starts or ends at a box that doesn't exist.
    NoSuchBox {
        /// The name of the box that the arrow leaves.
        from: String,
        /// The name of the box that the arrow points to.
        to: String,
        /// The one of the two that doesn't exist.
        name: String,
    },
    /// An arrow joins two boxes of one layer, or a box with itself.
    SameLayer {
        /// The name of the box that the arrow leaves.
        from: String,
        /// The name of the box that the arrow points to.
        to: String,
    },
    /// Two arrows join the same boxes in the same direction.
    SameArrow {
        /// The name of the box that they leave.
        from: String,
        /// The name of the box that they point to.
        to: String,
    },
    /// Two arrows of a flow would cross.
    Crossing {
        /// The boxes that one of them joins: from, to.
        first: (String, String),
        /// The boxes that the other joins: from, to.
        second: (String, String),
    },
    /// Several arrows meet one side of a text that has no border and is too short for them.
    NoBorder {
        /// The name of the box.
        name: String,
    },
    /// Text of a flow contains a glyph that isn't exactly one cell wide, or a line of a box.
    Character {
        /// The line of text.
        text: String,
        /// The glyph, which may consist of several characters.
        glyph: String,
    },
    /// A box, a layer or a label of a flow is too wide.
    Wide {
        /// What is too wide.
        what: String,
        /// The number of cells it takes.
        cells: usize,
        /// The number of cells it may take.
        width: usize,
    },
    /// The JSON is malformed, or is a picture with a mistake in it.
    Json(String),
    /// The JSON is well formed but contains no picture.
    NotAPicture,
}

impl std::error::Error for Error {}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Empty { what } => write!(f, "the picture has no {what}; add at least one"),
            Error::Number { of, value } => {
                write!(f, "{of} is {value}, but must be finite and not negative")
            }
            Error::Backwards {
                row,
                start_ms,
                end_ms,
            } => write!(
                f,
                "row {row:?}: a bar ends at {end_ms}ms, before its start at {start_ms}ms"
            ),
            Error::Overlap {
                row,
                end_ms,
                start_ms,
            } => write!(
                f,
                "row {row:?}: a bar starts at {start_ms}ms, before the previous bar ends at \
                 {end_ms}ms; put one of them in another row"
            ),
            Error::NoSuchLane { step, lane, lanes } => {
                let last = lanes.saturating_sub(1);
                write!(
                    f,
                    "step {step} is in lane {lane}, but the last lane is {last}"
                )
            }
            Error::Spread {
                row,
                low,
                value,
                high,
            } => {
                write!(
                    f,
                    "row {row:?}: the value {value} is outside its spread, {low} to {high}"
                )
            }
            Error::NoSuchBaseline { baseline, rows } => {
                let last = rows.saturating_sub(1);
                write!(
                    f,
                    "the baseline is row {baseline}, but the last row is {last}"
                )
            }
            Error::NoRatio { row } => {
                write!(
                    f,
                    "row {row:?} has no ratio to the baseline, which is too close to 0"
                )
            }
            Error::Label { text, glyph } => {
                write!(
                    f,
                    "the label {text:?} contains {glyph:?}; a label must be a single line of plain text"
                )
            }
            Error::Glyph {
                line,
                column,
                glyph,
            } => write!(
                f,
                "line {line}, column {column}: {glyph:?} is not one cell wide; \
                 use a glyph that every fixed-width font contains"
            ),
            Error::NoPoints { series } => {
                write!(
                    f,
                    "series {series:?} has no points; add one or remove the series"
                )
            }
            Error::NoLogarithm { series, axis } => write!(
                f,
                "series {series:?} has a 0 on the axis {axis:?}; a logarithmic axis has no 0"
            ),
            Error::Unsorted { series, before, x } => write!(
                f,
                "series {series:?}: a point at {x} follows one at {before}; sort the points, and keep one of equals"
            ),
            Error::TooMany { curves, most } => {
                write!(
                    f,
                    "{curves} curves are too many for a picture; draw at most {most}"
                )
            }
            Error::TooWide { line, cells, width } => {
                write!(
                    f,
                    "line {line} is {cells} cells wide, but at most {width} fit"
                )
            }
            Error::NoRoom { what, width } => {
                write!(
                    f,
                    "{width} cells have no room for {what}; use shorter text or a wider picture"
                )
            }
            Error::LooseEnds(ends) => {
                for (index, end) in ends.iter().enumerate() {
                    let separator = if index == 0 { "" } else { "\n" };
                    write!(f, "{separator}{end}")?;
                }
                Ok(())
            }
            Error::EmptyLayer { layer } => {
                write!(f, "layer {layer} has no boxes; add one or remove the layer")
            }
            Error::EmptyBox { name } => {
                write!(f, "the box {name:?}, or a box inside it, has no text")
            }
            Error::SameName { name } => {
                write!(f, "two boxes are named {name:?}; give each its own name")
            }
            Error::NoSuchBox { from, to, name } => write!(
                f,
                "the arrow from {from:?} to {to:?} needs a box named {name:?}, which doesn't exist"
            ),
            Error::SameLayer { from, to } => write!(
                f,
                "the arrow from {from:?} to {to:?} stays in its layer; put one of the boxes in another"
            ),
            Error::SameArrow { from, to } => {
                write!(f, "two arrows lead from {from:?} to {to:?}; keep one")
            }
            Error::Crossing { first, second } => write!(
                f,
                "the arrow from {:?} to {:?} would cross the arrow from {:?} to {:?}; \
                 change the order of the boxes in their layers",
                first.0, first.1, second.0, second.1
            ),
            Error::NoBorder { name } => write!(
                f,
                "several arrows meet {name:?}, which has no border and is too short for them; \
                 give it a border"
            ),
            Error::Character { text, glyph } => write!(
                f,
                "the text {text:?} contains {glyph:?}; use glyphs that are one cell wide and \
                 aren't lines of a box"
            ),
            Error::Wide { what, cells, width } => write!(
                f,
                "{what} is {cells} cells wide, {} more than fit in {width}",
                cells.saturating_sub(*width)
            ),
            Error::Json(message) => write!(f, "not a valid JSON picture: {message}"),
            Error::NotAPicture => f.write_str("the JSON contains no picture"),
        }
    }
}
