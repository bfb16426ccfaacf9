//! The cells of a drawing.

use crate::svg::CELL;

/// The font size.
pub(super) const SIZE: f64 = 15.0;
/// The height of a line.
pub(super) const LINE: f64 = 20.0;

/// The upper left corner of a cell.
pub(super) struct Cell {
    pub(super) x: f64,
    pub(super) y: f64,
}

impl Cell {
    pub(super) const WIDTH: f64 = CELL * SIZE;
    pub(super) const HEIGHT: f64 = LINE;

    pub(super) fn middle(&self) -> (f64, f64) {
        (self.x + Cell::WIDTH / 2.0, self.y + Cell::HEIGHT / 2.0)
    }
}
