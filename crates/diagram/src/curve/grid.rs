//! The cells of curves in plain text.

/// A column, from left to right, and a row, from the lowest to the highest.
type Cell = (usize, usize);

/// A point between two measured ones.
const BETWEEN: char = '·';

/// The cells of a plot.
pub(super) struct Grid {
    /// From the lowest row to the highest. A mark that belongs to one curve has that curve's index.
    pub(super) rows: Vec<Vec<(char, Option<usize>)>>,
    /// The largest number of curves that have a point in the same cell.
    pub(super) most_shared: usize,
}

impl Grid {
    /// Draws a path for each curve. Its points are marked with the curve's letter, or if several curves have a point in
    /// the cell, with their number.
    pub(super) fn new(paths: &[Vec<Cell>], columns: usize, rows: usize) -> Grid {
        let mut grid = vec![vec![(' ', None); columns]; rows];
        for (index, path) in paths.iter().enumerate() {
            for (from, to) in path.iter().zip(path.iter().skip(1)) {
                for (column, row) in between(*from, *to) {
                    grid[row][column] = (BETWEEN, Some(index));
                }
            }
        }
        let mut most_shared = 0;
        let points = paths.iter().flatten();
        for &(column, row) in points {
            let here = paths
                .iter()
                .zip('A'..)
                .enumerate()
                .filter(|(_, (path, _))| path.contains(&(column, row)));
            let letters: Vec<(usize, char)> =
                here.map(|(index, (_, letter))| (index, letter)).collect();
            most_shared = most_shared.max(letters.len());
            grid[row][column] = match letters.as_slice() {
                [(index, letter)] => (*letter, Some(*index)),
                shared => (
                    char::from_digit(shared.len() as u32, 10).unwrap_or('+'),
                    None,
                ),
            };
        }
        Grid {
            rows: grid,
            most_shared,
        }
    }
}

/// Returns the cells on the straight line between two cells, without the two.
fn between(from: Cell, to: Cell) -> impl Iterator<Item = Cell> {
    let steps = from.0.abs_diff(to.0).max(from.1.abs_diff(to.1));
    let at = move |from: usize, to: usize, step: usize| {
        let share = step as f64 / steps as f64;
        (from as f64 + (to as f64 - from as f64) * share).round() as usize
    };
    (1..steps).map(move |step| (at(from.0, to.0, step), at(from.1, to.1, step)))
}
