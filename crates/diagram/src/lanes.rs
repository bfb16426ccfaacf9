//! Who did what in which order: one lane a thread, time downwards.

mod layout;
mod step;
mod svg;
mod text;

use serde::{Deserialize, Serialize};

use crate::{Error, Theme, cells};

pub use step::{Mark, Step};

/// One execution: a lane a thread, and a line a step, from top to bottom in the order in which the
/// steps happened.
///
/// All lanes are equally wide and no wider than their words need. Where a step's text doesn't fit and
/// it has a short one, the short text of every step that has one is used instead, so that a picture
/// is uniform. A text that doesn't fit even so is broken inside its lane.
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
    /// Stands above the lanes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The lanes' names, from left to right; at least one.
    pub lanes: Vec<String>,
    /// What happened, in order.
    pub steps: Vec<Step>,
    /// What came of it: `counter = 1`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<String>,
    /// What is wrong with that, if anything is: `should be 2`. Drawn after a `×`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<String>,
    /// Stand under the result, each in a line of its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

impl Lanes {
    /// Says why the lanes can't be drawn, if they can't be at any width.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`] without a lane, [`Error::NoSuchLane`] for a step outside the lanes,
    /// [`Error::Label`] for words that break a line.
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
    /// If [`Lanes::check`] fails, or a lane would be narrower than 8 cells.
    pub fn text(&self, width: usize) -> Result<String, Error> {
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

    /// What the picture shows, in words: a line for each thing. It is the description that the SVG
    /// document carries.
    ///
    /// # Errors
    ///
    /// If [`Lanes::check`] fails.
    pub fn description(&self) -> Result<String, Error> {
        self.check()?;
        Ok(svg::describe(self))
    }

    /// The line under the lanes: `Result: counter = 1  × should be 2`.
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
