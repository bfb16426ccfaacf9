//! What ran when: bars over a time axis.

mod axis;
mod bar;
mod row;
mod svg;
mod text;

use serde::{Deserialize, Serialize};

use crate::{Error, Theme, cells};

pub use bar::{Bar, End};
pub use row::Row;

/// Bars over a time axis that starts at 0.
///
/// A bar takes the cells from the one in which it starts up to the one in which it ends, without
/// the latter, so that a bar that starts when another ends starts in the next cell. A bar that is
/// too short for a cell of its own is drawn as `▌`; where several bars share a cell, the cell holds
/// their number and a line under the chart says so.
///
/// ```
/// use diagram::{Bar, Gantt, Row};
///
/// let chart = Gantt {
///     rows: vec![
///         Row::Bars { label: "compile".into(), bars: vec![Bar::finished(0.0, 300.0)] },
///         Row::Bars { label: "link".into(), bars: vec![Bar::cut_off(300.0, 400.0)] },
///     ],
///     ..Gantt::default()
/// };
/// assert_eq!(chart.total_ms(), 400.0);
/// assert_eq!(chart.peak(), 1);
/// assert_eq!(chart.to_string(), "\
/// Time →    0ms            100ms          200ms          300ms          400ms
/// compile   [▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆]
/// link                                                   [▆▆▆▆▆▆▆▆▆▆▆▆▆×
/// Total: 400ms
/// ");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gantt {
    /// Stands above the chart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The chart's lines, from top to bottom. At least one is a [`Row::Bars`].
    pub rows: Vec<Row>,
    /// Stand under the chart and its total, each in a line of its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

impl Gantt {
    /// Says why the chart can't be drawn, if it can't be at any width.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`] without a row of bars; [`Error::Number`] for a time that is negative,
    /// infinite or not a number; [`Error::Backwards`] for a bar that ends before it starts;
    /// [`Error::Overlap`] for two bars of one row; [`Error::Label`] for words that break a line.
    pub fn check(&self) -> Result<(), Error> {
        self.title
            .iter()
            .chain(&self.notes)
            .try_for_each(|text| cells::check_label(text))?;
        self.rows.iter().try_for_each(Row::check)?;
        if self.bar_rows().next().is_none() {
            return Err(Error::Empty { what: "rows" });
        }
        Ok(())
    }

    /// Draws the chart in lines of at most `width` cells.
    ///
    /// # Errors
    ///
    /// If [`Gantt::check`] fails, or the labels leave no room for the bars.
    pub fn text(&self, width: usize) -> Result<String, Error> {
        self.check()?;
        text::draw(self, width)
    }

    /// Draws the chart as an SVG document.
    ///
    /// # Errors
    ///
    /// If [`Gantt::check`] fails.
    pub fn svg(&self, theme: Theme) -> Result<String, Error> {
        self.check()?;
        svg::draw(self, theme)
    }

    /// What the picture shows, in words: a line for each thing. It is the description that the SVG
    /// document carries.
    ///
    /// # Errors
    ///
    /// If [`Gantt::check`] fails.
    pub fn description(&self) -> Result<String, Error> {
        self.check()?;
        svg::description(self)
    }

    /// When the last bar ends: the makespan, in milliseconds. 0 if there is no bar.
    pub fn total_ms(&self) -> f64 {
        self.bars().map(|bar| bar.end_ms).fold(0.0, f64::max)
    }

    /// The most bars in flight at once. A bar that ends when another starts does not overlap it,
    /// and a bar without length is never in flight. Rows that were elided are not counted.
    pub fn peak(&self) -> usize {
        let mut edges: Vec<(f64, bool)> = self
            .bars()
            .filter(|bar| bar.end_ms > bar.start_ms)
            .flat_map(|bar| [(bar.start_ms, true), (bar.end_ms, false)])
            .collect();
        // Ends sort before starts of the same time.
        edges.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let mut in_flight = 0;
        let mut peak = 0;
        for (_, starts) in edges {
            if starts {
                in_flight += 1;
                peak = peak.max(in_flight);
            } else {
                in_flight -= 1;
            }
        }
        peak
    }

    /// Leaves out the middle of a long chart: all rows of bars but the first `keep_first` and the
    /// last `keep_last`, with the headings among them, become one [`Row::Elided`].
    ///
    /// The total stays true: if a row in the middle ends later than every kept one, it is kept as
    /// well. Headings directly above a kept row are kept. Ask for [`Gantt::peak`] before, not after.
    #[must_use]
    pub fn elide(self, keep_first: usize, keep_last: usize) -> Gantt {
        row::elide(self, keep_first, keep_last)
    }

    fn bar_rows(&self) -> impl Iterator<Item = (&str, &[Bar])> {
        self.rows.iter().filter_map(|row| match row {
            Row::Bars { label, bars } => Some((label.as_str(), bars.as_slice())),
            Row::Heading(_) | Row::Elided(_) => None,
        })
    }

    fn bars(&self) -> impl Iterator<Item = &Bar> {
        self.bar_rows().flat_map(|(_, bars)| bars)
    }
}
