//! The time axis: its ticks, and the cell of each time.

use crate::{cells, number};

/// One nanosecond. In a shorter chart everything is drawn at 0.
const SHORTEST_MS: f64 = 1e-6;
/// More ticks than this would crowd the axis.
const MOST_STEPS: f64 = 8.0;
/// The smallest number of blank cells between the labels of two ticks.
const GAP: usize = 3;

/// A scale on which every tick falls exactly on a cell.
#[derive(Debug)]
pub(super) struct Axis {
    total_ms: f64,
    /// The time between ticks: 1, 2 or 5 times a power of ten.
    step_ms: f64,
    /// The number of cells between ticks; at least 1.
    step_cells: usize,
    /// The index of the last tick. Tick 0 is at time 0.
    last: usize,
    unit: Unit,
    /// The number of decimals in the ticks' labels.
    decimals: usize,
}

/// One tick of the axis.
pub(super) struct Tick {
    pub(super) ms: f64,
    pub(super) cell: usize,
    pub(super) label: String,
}

#[derive(Clone, Copy, Debug)]
struct Unit {
    name: &'static str,
    /// The length of the unit in milliseconds.
    ms: f64,
    /// The same length as a power of ten.
    exponent: i32,
}

const MICROSECOND: Unit = Unit {
    name: "µs",
    ms: 1e-3,
    exponent: -3,
};
const MILLISECOND: Unit = Unit {
    name: "ms",
    ms: 1.0,
    exponent: 0,
};
const SECOND: Unit = Unit {
    name: "s",
    ms: 1e3,
    exponent: 3,
};

impl Axis {
    /// Chooses the axis for the times in `edges`, which are finite and not negative. It takes at most
    /// `plot` cells up to the latest time, and at most `room` cells with the labels. Returns `None` if
    /// the labels don't fit.
    ///
    /// The step is the finest whose labels stay `GAP` cells apart. The scale is the widest that puts
    /// every edge exactly between two cells, or the widest of all if that one is much narrower.
    pub(super) fn fit(edges: &[f64], plot: usize, room: usize) -> Option<Axis> {
        let total_ms = edges.iter().copied().fold(0.0, f64::max);
        if total_ms < SHORTEST_MS {
            let (step_ms, step_cells, last) = (1.0, 1, 0);
            let axis = Axis {
                total_ms: 0.0,
                step_ms,
                step_cells,
                last,
                unit: MILLISECOND,
                decimals: 0,
            };
            return (axis.label(0).len() <= room).then_some(axis);
        }
        let magnitude = total_ms.log10().floor() as i32;
        let steps = (magnitude - 2..=magnitude + 1)
            .flat_map(|exponent| [1.0, 2.0, 5.0].map(|digit| (digit, exponent)));
        for (digit, exponent) in steps {
            let step_ms = digit * number::power_of_ten(exponent);
            let steps = total_ms / step_ms;
            if steps > MOST_STEPS + 1e-9 || !step_ms.is_finite() {
                continue;
            }
            let unit = Unit::of(total_ms, step_ms);
            let decimals = usize::try_from(unit.exponent - exponent).unwrap_or(0);
            let last = (steps + 1e-9).floor() as usize;
            let mut axis = Axis {
                total_ms,
                step_ms,
                step_cells: 1,
                last,
                unit,
                decimals,
            };
            let label = cells::width(&axis.label(last));
            let plot = plot.min(room.saturating_sub(label));
            let widest = (plot as f64 / steps).floor() as usize;
            let narrowest = if last == 0 { 1 } else { label + GAP };
            if label.max(cells::width(&axis.total())) > room || widest < narrowest {
                continue;
            }
            axis.step_cells = (narrowest.max(widest * 2 / 3)..=widest)
                .rev()
                .find(|&step_cells| edges.iter().all(|ms| is_exact(*ms, step_ms, step_cells)))
                .unwrap_or(widest);
            return Some(axis);
        }
        None
    }

    /// Returns the index of the cell at `ms`. Never decreases as `ms` grows.
    pub(super) fn cell(&self, ms: f64) -> usize {
        (ms.min(self.total_ms) / self.step_ms * self.step_cells as f64).round() as usize
    }

    /// Returns the time at the right end of the plot. Never 0.
    pub(super) fn longest_ms(&self) -> f64 {
        if self.total_ms > 0.0 {
            self.total_ms
        } else {
            self.step_ms
        }
    }

    pub(super) fn ticks(&self) -> impl Iterator<Item = Tick> {
        (0..=self.last).map(|tick| Tick {
            ms: tick as f64 * self.step_ms,
            cell: tick * self.step_cells,
            label: self.label(tick),
        })
    }

    /// Formats a time in the axis's unit.
    pub(super) fn time(&self, ms: f64) -> String {
        format!("{}{}", number::short(ms / self.unit.ms), self.unit.name)
    }

    /// Formats the latest time.
    pub(super) fn total(&self) -> String {
        self.time(self.total_ms)
    }

    fn label(&self, tick: usize) -> String {
        let value = tick as f64 * self.step_ms / self.unit.ms;
        // The axis begins at `0ms`, not at `0.0ms`.
        let decimals = if tick == 0 { 0 } else { self.decimals };
        format!("{value:.decimals$}{}", self.unit.name)
    }
}

impl Unit {
    fn of(total_ms: f64, step_ms: f64) -> Unit {
        match () {
            () if total_ms < 1.0 => MICROSECOND,
            () if step_ms >= 1e3 => SECOND,
            () => MILLISECOND,
        }
    }
}

fn is_exact(ms: f64, step_ms: f64, step_cells: usize) -> bool {
    let cell = ms / step_ms * step_cells as f64;
    (cell - cell.round()).abs() < 1e-6
}
