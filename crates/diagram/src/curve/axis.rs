//! What an axis shows, and how far apart its values are.

use serde::{Deserialize, Serialize};

/// What an axis of a [`Curve`](crate::Curve) shows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Axis {
    /// The name of the values: `time`, `items`.
    pub name: String,
    /// The unit of the values: `ms`. Empty for counts.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// How far apart the values are.
    #[serde(default)]
    pub scale: Scale,
}

/// How far apart the values of an axis are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scale {
    /// Equal distances are equal differences. The axis starts at 0.
    #[default]
    Linear,
    /// Equal distances are equal ratios. The axis starts at a power of ten, and has no 0. The picture says so.
    Logarithmic,
}

impl Axis {
    /// Creates a linear axis.
    pub fn linear(name: impl Into<String>, unit: impl Into<String>) -> Axis {
        Axis {
            name: name.into(),
            unit: unit.into(),
            scale: Scale::Linear,
        }
    }

    /// Creates a logarithmic axis.
    pub fn logarithmic(name: impl Into<String>, unit: impl Into<String>) -> Axis {
        Axis {
            scale: Scale::Logarithmic,
            ..Axis::linear(name, unit)
        }
    }

    /// Returns the name with the unit, and with the scale if that is logarithmic: `time (ms, logarithmic)`.
    pub(super) fn heading(&self) -> String {
        let scale = match self.scale {
            Scale::Linear => "",
            Scale::Logarithmic => "logarithmic",
        };
        let more: Vec<&str> = [self.unit.as_str(), scale]
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect();
        match more.as_slice() {
            [] => self.name.clone(),
            more => format!("{} ({})", self.name, more.join(", ")),
        }
    }
}
