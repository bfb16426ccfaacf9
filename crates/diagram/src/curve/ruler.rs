//! The ticks of an axis, and the place of each value between them.

use super::Scale;
use crate::number;

/// The most steps of an axis. More labels would crowd it.
pub(super) const MOST_STEPS: usize = 8;
/// A smaller number is drawn at 0: powers of ten below it are inexact.
const SMALLEST: f64 = 1e-290;

/// An axis with its ticks, which are equally far apart. The first and the last tick are its ends.
#[derive(Clone, Debug)]
pub(super) struct Ruler {
    scale: Scale,
    /// Linear: the first digit of the step, which is 1, 2 or 5. Logarithmic: the powers of ten from tick to tick.
    digit: i32,
    /// Linear: the step's power of ten. Logarithmic: the first tick's.
    exponent: i32,
    /// The number of steps; at least 1.
    pub(super) steps: usize,
}

impl Ruler {
    /// Chooses the ticks for `values`: the finest that make at most `most` steps, which is at least 1. The values are
    /// finite and not negative, and on a logarithmic axis positive. There is at least one.
    pub(super) fn new(scale: Scale, values: &[f64], most: usize) -> Ruler {
        let largest = values.iter().copied().fold(0.0, f64::max);
        match scale {
            Scale::Linear => Ruler::linear(largest, most),
            Scale::Logarithmic => {
                let smallest = values.iter().copied().fold(f64::MAX, f64::min);
                Ruler::logarithmic(smallest, largest, most)
            }
        }
    }

    fn linear(largest: f64, most: usize) -> Ruler {
        let ruler = |digit, exponent, steps: f64| Ruler {
            scale: Scale::Linear,
            digit,
            exponent,
            // Rounding may have put it a little above a whole number.
            steps: ((steps - 1e-9).ceil() as usize).max(1),
        };
        if largest < SMALLEST {
            return ruler(1, 0, 1.0);
        }
        let magnitude = largest.log10().floor() as i32;
        (magnitude - 1..=magnitude + 1)
            .flat_map(|exponent| [1, 2, 5].map(|digit| (digit, exponent)))
            .map(|(digit, exponent)| (digit, exponent, in_steps(largest, digit, exponent)))
            .find(|(.., steps)| *steps <= most as f64 + 1e-9)
            .map_or_else(
                || ruler(1, magnitude + 1, 1.0),
                |(digit, exponent, steps)| ruler(digit, exponent, steps),
            )
    }

    fn logarithmic(smallest: f64, largest: f64, most: usize) -> Ruler {
        // The logarithm of a power of ten may be a little off.
        let first = (smallest.log10() + 1e-9).floor() as i32;
        let last = (largest.log10() - 1e-9).ceil() as i32;
        let decades = usize::try_from(last - first).unwrap_or(0).max(1);
        let digit = decades.div_ceil(most);
        Ruler {
            scale: Scale::Logarithmic,
            digit: digit as i32,
            exponent: first,
            steps: decades.div_ceil(digit),
        }
    }

    /// Returns where `value` is, from 0 at the first tick to 1 at the last.
    pub(super) fn position(&self, value: f64) -> f64 {
        let steps = match self.scale {
            Scale::Linear => in_steps(value, self.digit, self.exponent),
            Scale::Logarithmic => {
                (value.log10() - f64::from(self.exponent)) / f64::from(self.digit)
            }
        };
        (steps / self.steps as f64).clamp(0.0, 1.0)
    }

    /// Returns the label of each tick, from the first to the last.
    pub(super) fn labels(&self) -> Vec<String> {
        let label = |tick| match self.scale {
            Scale::Linear => number::product(tick * self.digit, self.exponent),
            Scale::Logarithmic => number::power(self.exponent + tick * self.digit),
        };
        (0..=self.steps as i32).map(label).collect()
    }
}

/// Returns how often `digit` × 10^`exponent` goes into `value`. Never multiplies, which could overflow.
fn in_steps(value: f64, digit: i32, exponent: i32) -> f64 {
    value / number::power_of_ten(exponent) / f64::from(digit)
}
