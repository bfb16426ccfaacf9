//! Executions as lanes: one lane per thread, with time running downwards.

mod layout;
mod step;
mod svg;
mod text;

use serde::{Deserialize, Serialize};

use crate::painted::Painted;
use crate::{Error, Theme, cells};

pub use step::{Mark, Step};

/// One execution: one lane per thread and one row per step, from top to bottom in the order in which
/// the steps happened.
///
/// All lanes are equally wide: as wide as the longest step, or as wide as fits if text has to be
/// broken. If a step's long text doesn't fit in its lane and the step has a short text, every step that
/// has a short text uses it, so that the picture is uniform. Text that still doesn't fit is broken
/// inside its lane.
///
/// ```
/// use diagram::{Lanes, Step};
///
/// let lost = Lanes {
///     lanes: vec!["worker 1".into(), "worker 2".into()],
///     steps: vec![
///         Step::new(0, "value.load()").returns("0"),
///         Step::new(1, "value.load()").returns("0"),
///         Step::new(1, "value.store(1)"),
///         Step::new(0, "value.store(1)"),
///     ],
///     result: Some("counter = 1".into()),
///     verdict: Some("should be 2".into()),
///     ..Lanes::default()
/// };
/// assert_eq!(lost.to_string(), "      \
///       worker 1                  worker 2
///   1   value.load()   → 0
///   2                             value.load()   → 0
///   3                             value.store(1)
///   4   value.store(1)
/// Result: counter = 1  × should be 2
/// ");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lanes {
    /// Printed above the lanes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The names of the lanes, from left to right; at least one.
    pub lanes: Vec<String>,
    /// The steps, in the order in which they happened.
    pub steps: Vec<Step>,
    /// The outcome: `counter = 1`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<String>,
    /// What is wrong with the outcome, if anything: `should be 2`. Printed after a `×`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<String>,
    /// Printed below the result, one per line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

impl Lanes {
    /// Reports data that can't be drawn at any width.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`] if there is no lane, [`Error::NoSuchLane`] for a step outside the lanes,
    /// [`Error::Label`] for text that doesn't fit on one line.
    pub fn check(&self) -> Result<(), Error> {
        let texts = [&self.title, &self.result, &self.verdict]
            .into_iter()
            .flatten();
        texts
            .chain(&self.lanes)
            .chain(&self.notes)
            .try_for_each(|text| cells::check_label(text))?;
        if self.lanes.is_empty() {
            return Err(Error::Empty { what: "lanes" });
        }
        for (index, step) in self.steps.iter().enumerate() {
            step.texts().try_for_each(cells::check_label)?;
            if step.lane >= self.lanes.len() {
                let (lane, lanes) = (step.lane, self.lanes.len());
                return Err(Error::NoSuchLane {
                    step: index + 1,
                    lane,
                    lanes,
                });
            }
        }
        Ok(())
    }

    /// Draws the lanes in lines of at most `width` cells.
    ///
    /// # Errors
    ///
    /// If [`Lanes::check`] fails, or if a lane would be narrower than 8 cells.
    pub fn text(&self, width: usize) -> Result<String, Error> {
        Ok(self.painted(width)?.text)
    }

    pub(crate) fn painted(&self, width: usize) -> Result<Painted, Error> {
        self.check()?;
        text::draw(self, width)
    }

    /// Draws the lanes as an SVG document.
    ///
    /// # Errors
    ///
    /// If [`Lanes::check`] fails.
    pub fn svg(&self, theme: Theme) -> Result<String, Error> {
        self.check()?;
        svg::draw(self, theme)
    }

    /// Describes the picture in words, one line per step and one for the result. The SVG document
    /// contains the same text.
    ///
    /// # Errors
    ///
    /// If [`Lanes::check`] fails.
    pub fn description(&self) -> Result<String, Error> {
        self.check()?;
        Ok(svg::describe(self))
    }

    /// Formats the line below the lanes: `Result: counter = 1  × should be 2`.
    fn outcome(&self) -> Option<String> {
        let result = self
            .result
            .as_ref()
            .map(|result| format!("Result: {result}"));
        let verdict = self.verdict.as_ref().map(|verdict| format!("× {verdict}"));
        match (result, verdict) {
            (Some(result), Some(verdict)) => Some(format!("{result}  {verdict}")),
            (result, verdict) => result.or(verdict),
        }
    }
}
