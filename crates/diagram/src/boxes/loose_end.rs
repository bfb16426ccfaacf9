//! Lines of a box drawing that meet nothing.

use std::fmt;

use super::arms::{Arm, arms};
use super::direction::Direction;

/// A line of a box drawing that leads to a cell where no line meets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LooseEnd {
    /// The line of text, counted from 1.
    pub line: usize,
    /// The cell in that line, counted from 1.
    pub column: usize,
    /// The character at that position.
    pub glyph: char,
    /// The side of the cell that its line leads to.
    pub toward: Direction,
}

impl fmt::Display for LooseEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let LooseEnd {
            line,
            column,
            glyph,
            toward,
        } = self;
        let line_kind = match arms(*glyph)[*toward as usize] {
            Arm::Double => "double line",
            _ => "line",
        };
        write!(
            f,
            "line {line}, column {column}: '{glyph}' leads {toward}, but no {line_kind} meets it there"
        )
    }
}
