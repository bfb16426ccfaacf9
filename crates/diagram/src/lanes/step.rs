//! One operation of one thread.

use serde::{Deserialize, Serialize};

/// One operation of one thread.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The thread's lane, counted from 0.
    pub lane: usize,
    /// The operation: `value.load(Relaxed)`.
    pub text: String,
    /// The operation in fewer words, for when the long ones don't fit: `load`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub short: Option<String>,
    /// What it returned; drawn after an arrow: `→ 0`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// What is remarkable about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<Mark>,
}

/// What is remarkable about a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mark {
    /// The value that it read was not the newest. Drawn `stale`.
    Stale,
    /// It never returned. Drawn `waits forever`.
    Blocked,
    /// Its thread panicked. Drawn `panicked`.
    Panicked,
}

impl Step {
    /// A step that returned nothing and is not remarkable.
    pub fn new(lane: usize, text: impl Into<String>) -> Step {
        Step {
            lane,
            text: text.into(),
            ..Step::default()
        }
    }

    /// The step, with what it returned.
    #[must_use]
    pub fn returns(self, value: impl Into<String>) -> Step {
        Step {
            value: Some(value.into()),
            ..self
        }
    }

    /// The step, with what is remarkable about it.
    #[must_use]
    pub fn marked(self, mark: Mark) -> Step {
        Step {
            mark: Some(mark),
            ..self
        }
    }

    /// What stands after the text: the value and the mark.
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
    fn words(self) -> &'static str {
        match self {
            Mark::Stale => "stale",
            Mark::Blocked => "waits forever",
            Mark::Panicked => "panicked",
        }
    }
}
