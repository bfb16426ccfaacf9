//! One measurement.

use serde::{Deserialize, Serialize};

use crate::{Error, cells};

/// One measurement. Its numbers are finite and not negative, and `low ≤ value ≤ high`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measurement {
    /// What was measured.
    pub label: String,
    /// The value, in the picture's unit.
    pub value: f64,
    /// The lower end of the spread. Defaults to the value if only the upper end is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// The upper end of the spread. Defaults to the value if only the lower end is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
}

impl Measurement {
    /// Creates a measurement without a spread.
    pub fn new(label: impl Into<String>, value: f64) -> Measurement {
        Measurement {
            label: label.into(),
            value,
            low: None,
            high: None,
        }
    }

    /// Adds a spread to the measurement.
    #[must_use]
    pub fn between(self, low: f64, high: f64) -> Measurement {
        Measurement {
            low: Some(low),
            high: Some(high),
            ..self
        }
    }

    pub(super) fn spread(&self) -> Option<(f64, f64)> {
        match (self.low, self.high) {
            (None, None) => None,
            (low, high) => Some((low.unwrap_or(self.value), high.unwrap_or(self.value))),
        }
    }

    pub(super) fn check(&self) -> Result<(), Error> {
        cells::check_label(&self.label)?;
        if let Some(value) = self
            .numbers()
            .find(|number| !number.is_finite() || *number < 0.0)
        {
            return Err(Error::Number {
                of: format!("row {:?}: a number", self.label),
                value,
            });
        }
        match self.spread() {
            Some((low, high)) if !(low..=high).contains(&self.value) => Err(Error::Spread {
                row: self.label.clone(),
                low,
                value: self.value,
                high,
            }),
            _ => Ok(()),
        }
    }

    pub(super) fn numbers(&self) -> impl Iterator<Item = f64> {
        [Some(self.value), self.low, self.high]
            .into_iter()
            .flatten()
    }
}
