//! One operation of one thread.

use serde::{Deserialize, Serialize};

/// One operation of one thread.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The index of the thread's lane.
    pub lane: usize,
    /// The operation: `value.load(Relaxed)`.
    pub text: String,
    /// A shorter form of the operation, for narrow lanes: `load`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub short: Option<String>,
    /// What the operation returned. Printed after an arrow: `→ 0`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// What is unusual about the operation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<Mark>,
}

/// What is unusual about a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mark {
    /// It read a value that was not the newest. Printed as `stale`.
    Stale,
    /// It never returned. Printed as `waits forever`.
    Blocked,
    /// Its thread panicked. Printed as `panicked`.
    Panicked,
}

impl Step {
    /// Creates a step without a value or a mark.
    pub fn new(lane: usize, text: impl Into<String>) -> Step {
        Step {
            lane,
            text: text.into(),
            ..Step::default()
        }
    }

    /// Sets what the step returned.
    #[must_use]
    pub fn returns(self, value: impl Into<String>) -> Step {
        Step {
            value: Some(value.into()),
            ..self
        }
    }

    /// Sets the step's mark.
    #[must_use]
    pub fn marked(self, mark: Mark) -> Step {
        Step {
            mark: Some(mark),
            ..self
        }
    }

    /// Formats what follows the text: the value and the mark.
    pub(super) fn tail(&self) -> Option<String> {
        let value = self.value.as_ref().map(|value| format!("→ {value}"));
        let mark = self.mark.map(Mark::words);
        match (value, mark) {
            (Some(value), Some(mark)) => Some(format!("{value}  {mark}")),
            (value, mark) => value.or(mark.map(str::to_owned)),
        }
    }

    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        [Some(&self.text), self.short.as_ref(), self.value.as_ref()]
            .into_iter()
            .flatten()
            .map(String::as_str)
    }
}

impl Mark {
    pub(super) fn words(self) -> &'static str {
        match self {
            Mark::Stale => "stale",
            Mark::Blocked => "waits forever",
            Mark::Panicked => "panicked",
        }
    }
}
