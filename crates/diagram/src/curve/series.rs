//! One series of points.

use serde::{Deserialize, Serialize};

use super::{Axis, Scale};
use crate::{Error, cells};

/// Points that belong together, from left to right. No number is negative, infinite or NaN.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Series {
    /// What was measured.
    pub label: String,
    /// The points; at least one. Each lies to the right of the one before.
    pub points: Vec<(f64, f64)>,
}

impl Series {
    /// Creates a series.
    pub fn new(label: impl Into<String>, points: impl IntoIterator<Item = (f64, f64)>) -> Series {
        Series {
            label: label.into(),
            points: points.into_iter().collect(),
        }
    }

    pub(super) fn check(&self, x: &Axis, y: &Axis) -> Result<(), Error> {
        cells::check_label(&self.label)?;
        if self.points.is_empty() {
            return Err(Error::NoPoints {
                series: self.label.clone(),
            });
        }
        for &(across, up) in &self.points {
            for (value, axis) in [(across, x), (up, y)] {
                if !value.is_finite() || value < 0.0 {
                    return Err(Error::Number {
                        of: format!("series {:?}: a number", self.label),
                        value,
                    });
                }
                if value == 0.0 && axis.scale == Scale::Logarithmic {
                    return Err(Error::NoLogarithm {
                        series: self.label.clone(),
                        axis: axis.name.clone(),
                    });
                }
            }
        }
        let pairs = self.points.iter().zip(self.points.iter().skip(1));
        match pairs.map(|(a, b)| (a.0, b.0)).find(|(a, b)| a >= b) {
            Some((before, x)) => Err(Error::Unsorted {
                series: self.label.clone(),
                before,
                x,
            }),
            None => Ok(()),
        }
    }
}
