//! Why a picture can't be drawn.

use std::fmt;

use crate::LooseEnd;

/// Why a picture can't be drawn. Its message names the place and says what to change.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// There is nothing to draw.
    Empty {
        /// What is lacking: `rows` or `lanes`.
        what: &'static str,
    },
    /// A time or a measurement is negative, infinite or not a number.
    Number {
        /// Whose number it is.
        of: String,
        /// The number.
        value: f64,
    },
    /// A bar ends before it starts.
    Backwards {
        /// The row's label.
        row: String,
        /// Where the bar starts.
        start_ms: f64,
        /// Where it ends.
        end_ms: f64,
    },
    /// Two bars of one row overlap.
    Overlap {
        /// The row's label.
        row: String,
        /// Where the earlier bar ends.
        end_ms: f64,
        /// Where the later bar starts, which is before that.
        start_ms: f64,
    },
    /// A step stands in a lane that does not exist.
    NoSuchLane {
        /// The step, counted from 1.
        step: usize,
        /// The lane that it names, counted from 0.
        lane: usize,
        /// How many lanes there are.
        lanes: usize,
    },
    /// A measurement's value lies outside its own spread.
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
    /// The row to which the others are compared does not exist.
    NoSuchBaseline {
        /// The row that was named, counted from 0.
        baseline: usize,
        /// How many rows there are.
        rows: usize,
    },
    /// The row to which the others are compared is so small that a ratio to it is not a number.
    NoRatio {
        /// The label of the row that has no ratio.
        row: String,
    },
    /// A label holds a line break or another character that would move what stands beside it.
    Label {
        /// The label.
        text: String,
        /// The first such character.
        glyph: char,
    },
    /// A drawing holds a glyph that is not exactly one cell wide, or a control character.
    Glyph {
        /// The line, counted from 1.
        line: usize,
        /// The cell in that line, counted from 1.
        column: usize,
        /// The glyph, which may be of several characters.
        glyph: String,
    },
    /// A drawing's line is wider than it may be.
    TooWide {
        /// The line, counted from 1.
        line: usize,
        /// How many cells it takes.
        cells: usize,
        /// How many it may take.
        width: usize,
    },
    /// A picture does not fit its width.
    NoRoom {
        /// What found no room.
        what: String,
        /// The width, in cells.
        width: usize,
    },
    /// Lines of a drawing lead to where nothing arrives; there is at least one.
    LooseEnds(Vec<LooseEnd>),
    /// The JSON is malformed, or is a picture with a mistake in it.
    Json(String),
    /// The JSON is well formed and holds no picture.
    NotAPicture,
}

impl std::error::Error for Error {}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Empty { what } => write!(f, "the picture has no {what}: give it at least one"),
            Error::Number { of, value } => {
                write!(f, "{of} is {value}: it must be finite and not negative")
            }
            Error::Backwards {
                row,
                start_ms,
                end_ms,
            } => write!(
                f,
                "row {row:?}: a bar starts at {start_ms}ms and ends before that, at {end_ms}ms"
            ),
            Error::Overlap {
                row,
                end_ms,
                start_ms,
            } => write!(
                f,
                "row {row:?}: a bar starts at {start_ms}ms, before the one that ends at \
                 {end_ms}ms: give it a row of its own"
            ),
            Error::NoSuchLane { step, lane, lanes } => {
                let last = lanes.saturating_sub(1);
                write!(
                    f,
                    "step {step} stands in lane {lane}, but lanes count from 0 to {last}"
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
                    "row {row:?}: {value} does not lie within its spread, {low} to {high}"
                )
            }
            Error::NoSuchBaseline { baseline, rows } => {
                let last = rows.saturating_sub(1);
                write!(
                    f,
                    "the baseline is row {baseline}, but rows count from 0 to {last}"
                )
            }
            Error::NoRatio { row } => {
                write!(
                    f,
                    "row {row:?} has no ratio to the baseline: the baseline is too near to 0"
                )
            }
            Error::Label { text, glyph } => {
                write!(
                    f,
                    "the label {text:?} holds {glyph:?}: labels are words in one line"
                )
            }
            Error::Glyph {
                line,
                column,
                glyph,
            } => write!(
                f,
                "line {line}, column {column}: {glyph:?} is not one cell wide: \
                 use a glyph that is in every fixed-width font"
            ),
            Error::TooWide { line, cells, width } => {
                write!(f, "line {line} is {cells} cells wide, and only {width} fit")
            }
            Error::NoRoom { what, width } => {
                write!(
                    f,
                    "no room for {what} within {width} cells: shorten it or draw wider"
                )
            }
            Error::LooseEnds(ends) => {
                for (index, end) in ends.iter().enumerate() {
                    let separator = if index == 0 { "" } else { "\n" };
                    write!(f, "{separator}{end}")?;
                }
                Ok(())
            }
            Error::Json(message) => write!(f, "not a picture in JSON: {message}"),
            Error::NotAPicture => f.write_str("the JSON holds no picture"),
        }
    }
}
