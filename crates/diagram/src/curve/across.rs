//! The horizontal axis in plain text.

use super::Curve;
use super::ruler::{MOST_STEPS, Ruler};
use crate::cells;

/// A narrower plot would show nothing.
const NARROWEST: usize = 16;
/// A wider plot can't be taken in at a glance.
const WIDEST: usize = 240;

/// A horizontal axis on which every tick falls exactly on a cell.
pub(super) struct Across {
    ruler: Ruler,
    labels: Vec<String>,
    /// The number of cells from tick to tick; more than the widest label has.
    step: usize,
}

impl Across {
    /// Chooses the axis with the most ticks whose labels stay apart. With its last label, it takes at most `room` cells.
    /// Returns `None` if there is no such axis.
    pub(super) fn fit(picture: &Curve, room: usize) -> Option<Across> {
        let values = picture.values(|point| point.0);
        (1..=MOST_STEPS).rev().find_map(|most| {
            let ruler = Ruler::new(picture.x.scale, &values, most);
            let labels = ruler.labels();
            let width = |label: &String| cells::width(label);
            // A label is centred below its tick.
            let beyond = labels.last().map_or(0, width) / 2;
            let columns = room.saturating_sub(beyond).min(WIDEST);
            let step = columns.saturating_sub(1) / ruler.steps;
            let widest = labels.iter().map(width).max().unwrap_or(0);
            let fits = step > widest && step * ruler.steps >= NARROWEST;
            fits.then_some(Across {
                ruler,
                labels,
                step,
            })
        })
    }

    /// Returns the number of cells from the first tick to the last, with both.
    pub(super) fn columns(&self) -> usize {
        self.step * self.ruler.steps + 1
    }

    /// Returns the index of the cell at `value`.
    pub(super) fn cell(&self, value: f64) -> usize {
        let last = self.columns() - 1;
        (self.ruler.position(value) * last as f64).round() as usize
    }

    /// Draws the axis and its labels. The first tick is in the column `left`.
    pub(super) fn below(&self, left: usize) -> [String; 2] {
        let mut axis = format!("{:blanks$}└", "", blanks = left - 1);
        let mut labels = String::new();
        for (tick, label) in self.labels.iter().enumerate() {
            if tick > 0 {
                axis += &"─".repeat(self.step - 1);
            }
            axis.push('┬');
            let centre = left + tick * self.step;
            let start = centre.saturating_sub((cells::width(label) - 1) / 2);
            labels = cells::pad(&labels, start) + label;
        }
        [axis, labels]
    }
}
