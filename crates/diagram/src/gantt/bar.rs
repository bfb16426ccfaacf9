//! One stretch of time, and how it ended.

use serde::{Deserialize, Serialize};

/// A stretch of time in a row of a [`Gantt`](crate::Gantt) chart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bar {
    /// When it starts, in milliseconds from the chart's 0. Finite, not negative.
    pub start_ms: f64,
    /// When it ends, in milliseconds from the chart's 0. Finite, not before `start_ms`.
    pub end_ms: f64,
    /// How it ended.
    pub end: End,
    /// Stands inside the bar if it fits there, and is left out if it doesn't.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

/// How a bar ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    /// The work was done. Drawn `]`.
    #[default]
    Finished,
    /// The work was dropped before it was done. Drawn `×`.
    CutOff,
    /// The work still ran when the record was taken. Drawn `→`.
    Unfinished,
}

impl Bar {
    /// A bar without a label whose work was done.
    pub fn finished(start_ms: f64, end_ms: f64) -> Bar {
        Bar {
            start_ms,
            end_ms,
            end: End::Finished,
            label: None,
        }
    }

    /// A bar without a label whose work was dropped.
    pub fn cut_off(start_ms: f64, end_ms: f64) -> Bar {
        Bar {
            start_ms,
            end_ms,
            end: End::CutOff,
            label: None,
        }
    }

    /// A bar without a label whose work still runs.
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
    /// The glyph in a bar's last cell.
    pub(crate) fn glyph(self) -> char {
        match self {
            End::Finished => ']',
            End::CutOff => '×',
            End::Unfinished => '→',
        }
    }
}
