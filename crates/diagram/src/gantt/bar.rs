//! One span of time, and how it ended.

use serde::{Deserialize, Serialize};

/// A span of time in a row of a [`Gantt`](crate::Gantt) chart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bar {
    /// The start, in milliseconds from the chart's 0. Finite and not negative.
    pub start_ms: f64,
    /// The end, in milliseconds from the chart's 0. Finite and not before `start_ms`.
    pub end_ms: f64,
    /// How the work ended.
    pub end: End,
    /// Printed inside the bar, or left out if it doesn't fit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

/// How a bar ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    /// The work finished. Drawn as `]`.
    #[default]
    Finished,
    /// The work was dropped before it finished. Drawn as `×`.
    CutOff,
    /// The work was still running when the recording was taken. Drawn as `→`.
    Unfinished,
}

impl Bar {
    /// Creates a bar without a label for work that finished.
    pub fn finished(start_ms: f64, end_ms: f64) -> Bar {
        Bar {
            start_ms,
            end_ms,
            end: End::Finished,
            label: None,
        }
    }

    /// Creates a bar without a label for work that was dropped.
    pub fn cut_off(start_ms: f64, end_ms: f64) -> Bar {
        Bar {
            start_ms,
            end_ms,
            end: End::CutOff,
            label: None,
        }
    }

    /// Creates a bar without a label for work that is still running.
    pub fn unfinished(start_ms: f64, end_ms: f64) -> Bar {
        Bar {
            start_ms,
            end_ms,
            end: End::Unfinished,
            label: None,
        }
    }
}

impl End {
    /// Returns the glyph for the bar's last cell.
    pub(crate) fn glyph(self) -> char {
        match self {
            End::Finished => ']',
            End::CutOff => '×',
            End::Unfinished => '→',
        }
    }
}
