//! Lines of a box drawing that meet nothing.

use std::fmt;

use super::{Arm, arms};

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

/// A side of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// To the line above.
    Up,
    /// To the next column.
    Right,
    /// To the line below.
    Down,
    /// To the column before.
    Left,
}

impl Direction {
    pub(crate) const ALL: [Direction; 4] = [
        Direction::Up,
        Direction::Right,
        Direction::Down,
        Direction::Left,
    ];

    pub(crate) fn opposite(self) -> Direction {
        match self {
            Direction::Up => Direction::Down,
            Direction::Right => Direction::Left,
            Direction::Down => Direction::Up,
            Direction::Left => Direction::Right,
        }
    }
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

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Direction::Up => "up",
            Direction::Right => "right",
            Direction::Down => "down",
            Direction::Left => "left",
        })
    }
}
