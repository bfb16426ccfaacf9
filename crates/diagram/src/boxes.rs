//! Whether the lines of a box drawing meet.

mod arms;
mod loose_end;

use crate::cells;
pub(crate) use arms::{Arm, arms, takes};

pub use loose_end::{Direction, LooseEnd};

/// Checks that every line which leaves a cell arrives in its neighbour.
///
/// The rule holds for all of U+2500 to U+257F: light, heavy and double lines, rounded corners,
/// dashes and half lines (the diagonals lead nowhere and are passed over). Light and heavy lines
/// meet each other; double lines meet double lines only. Arrowheads (`▲▼◄►▶◀△▽↑↓←→`) take a line
/// from any side, and an ASCII `|` takes one from its left and right; neither sends one out. A line
/// that is to end in the open, say beside a word, ends in a half line: `╴word╶`.
///
/// Columns are counted in cells: a wide glyph takes two, a control character is taken for a blank.
/// [`Drawing::check`](crate::Drawing::check) refuses both.
///
/// ```
/// use diagram::check_boxes;
///
/// assert_eq!(check_boxes("╶──╴in╶──→ out"), Ok(()));
/// let loose = check_boxes("╶──╴in╶───").unwrap_err();
/// assert_eq!(
///     loose[0].to_string(),
///     "line 1, column 10: '─' leads right, but nothing arrives from there",
/// );
/// ```
///
/// # Errors
///
/// All loose ends, from top to bottom and from left to right.
pub fn check_boxes(text: &str) -> Result<(), Vec<LooseEnd>> {
    let grid = Grid::new(text);
    let mut loose = Vec::new();
    for line in 0..grid.lines.len() {
        for column in 0..grid.lines[line].len() {
            let glyph = grid.lines[line][column];
            for toward in Direction::ALL {
                let leaves = arms(glyph)[toward as usize];
                if leaves != Arm::None && !grid.arrives(leaves, line, column, toward) {
                    loose.push(LooseEnd {
                        line: line + 1,
                        column: column + 1,
                        glyph,
                        toward,
                    });
                }
            }
        }
    }
    if loose.is_empty() { Ok(()) } else { Err(loose) }
}

/// The lines of a drawing; a carriage return at a line's end is not part of it.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split('\n')
        .map(|line| line.strip_suffix('\r').unwrap_or(line))
}

/// A drawing by its cells.
pub(crate) struct Grid {
    /// What stands in each cell: its glyph's first character, or a blank.
    pub(crate) lines: Vec<Vec<char>>,
}

impl Grid {
    pub(crate) fn new(text: &str) -> Grid {
        let line = |text| {
            let mut line = Vec::new();
            for (glyph, cells) in cells::glyphs(text) {
                let first = glyph.chars().next().unwrap_or(' ');
                if first.is_control() {
                    line.push(' ');
                } else if cells > 0 {
                    line.push(first);
                    line.extend(std::iter::repeat_n(' ', cells - 1));
                }
            }
            line
        };
        Grid {
            lines: lines(text).map(line).collect(),
        }
    }

    /// What stands next to a cell; a blank beyond the drawing's edge.
    pub(crate) fn neighbour(&self, line: usize, column: usize, toward: Direction) -> char {
        let (line, column) = match toward {
            Direction::Up => (line.checked_sub(1), Some(column)),
            Direction::Right => (Some(line), column.checked_add(1)),
            Direction::Down => (line.checked_add(1), Some(column)),
            Direction::Left => (Some(line), column.checked_sub(1)),
        };
        let glyph = || self.lines.get(line?)?.get(column?).copied();
        glyph().unwrap_or(' ')
    }

    fn arrives(&self, leaves: Arm, line: usize, column: usize, toward: Direction) -> bool {
        let glyph = self.neighbour(line, column, toward);
        takes(glyph, toward) || arms(glyph)[toward.opposite() as usize].meets(leaves)
    }
}
