//! Checks that the lines of a box drawing meet.

mod arms;
mod direction;
pub(crate) mod loose_end;

use crate::cells;
pub(crate) use arms::{Arm, arms, ends_line};

pub use direction::Direction;
pub use loose_end::LooseEnd;

/// Checks that every line that leaves a cell meets a line in the neighbouring cell.
///
/// The rule applies to U+2500 to U+257F: light, heavy and double lines, rounded corners, dashes and
/// half lines. Diagonals are ignored. Light and heavy lines meet each other. Double lines meet only
/// double lines. An arrowhead (`▲▼◄►▶◀△▽↑↓←→`) may end a line from any side, and an ASCII `|` may
/// end one from the left or right. Neither is a line itself, so neither can be a loose end. To end a
/// line without an arrowhead, for example beside a word, use a half line: `╴word╶`.
///
/// Columns are counted in cells. A wide glyph takes two, and a control character counts as a blank.
/// [`Drawing::check`](crate::Drawing::check) rejects both.
///
/// ```
/// use diagram::check_boxes;
///
/// assert_eq!(check_boxes("╶──╴in╶──→ out"), Ok(()));
/// let loose = check_boxes("╶──╴in╶───").unwrap_err();
/// assert_eq!(
///     loose[0].to_string(),
///     "line 1, column 10: '─' leads right, but no line meets it there",
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
                if leaves != Arm::None && !grid.is_met(leaves, line, column, toward) {
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

/// Splits a drawing into lines, without the carriage returns of CRLF line ends.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split('\n')
        .map(|line| line.strip_suffix('\r').unwrap_or(line))
}

/// A drawing as a grid of cells.
pub(crate) struct Grid {
    /// The first character of each cell's glyph, or a blank.
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

    /// Returns the neighbouring cell's character, or a blank beyond the drawing's edge.
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

    fn is_met(&self, leaves: Arm, line: usize, column: usize, toward: Direction) -> bool {
        let glyph = self.neighbour(line, column, toward);
        ends_line(glyph, toward) || arms(glyph)[toward.opposite() as usize].meets(leaves)
    }
}
