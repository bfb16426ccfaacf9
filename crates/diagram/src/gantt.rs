//! Gantt charts: bars over a time axis that show what ran when.

mod axis;
mod bar;
mod row;
mod svg;
mod text;

use serde::{Deserialize, Serialize};

use crate::painted::Painted;
use crate::{Error, Theme, cells};

pub use bar::{Bar, End};
pub use row::Row;

/// Bars over a time axis that starts at 0.
///
/// A bar fills the cells from its start up to, but not including, the cell in which it ends. A bar
/// that starts when another ends therefore starts in the next cell. A bar shorter than two cells is
/// drawn as its end alone: `▌`, `×` or `→`. A cell that several bars of a row share shows how many
/// they are, `+` for ten or more, and a line below the chart explains the digits.
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
    /// Printed above the chart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The lines of the chart, from top to bottom. At least one must be a [`Row::Bars`].
    pub rows: Vec<Row>,
    /// Printed below the chart and its total, one per line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

impl Gantt {
    /// Reports data that can't be drawn at any width.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`] if there is no row of bars, [`Error::Number`] for a time that is negative,
    /// infinite or NaN, [`Error::Backwards`] for a bar that ends before it starts, [`Error::Overlap`]
    /// for two bars of a row that overlap, [`Error::Label`] for text that doesn't fit on one line.
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
    /// If [`Gantt::check`] fails, or if the labels leave no room for the bars.
    pub fn text(&self, width: usize) -> Result<String, Error> {
        Ok(self.painted(width)?.text)
    }

    pub(crate) fn painted(&self, width: usize) -> Result<Painted, Error> {
        self.check()?;
        text::draw(self, width)
    }

    /// Draws the chart as an SVG document.
    ///
    /// # Errors
    ///
    /// If [`Gantt::check`] fails, or with [`Error::NoRoom`] if the times are too long for an axis.
    pub fn svg(&self, theme: Theme) -> Result<String, Error> {
        self.check()?;
        svg::draw(self, theme)
    }

    /// Describes the picture in words: one line per row of bars, then the total and the notes. The SVG
    /// document contains the same text.
    ///
    /// # Errors
    ///
    /// The same as [`Gantt::svg`].
    pub fn description(&self) -> Result<String, Error> {
        self.check()?;
        svg::description(self)
    }

    /// Returns when the last bar ends: the makespan, in milliseconds. 0 if there is no bar.
    pub fn total_ms(&self) -> f64 {
        self.bars().map(|bar| bar.end_ms).fold(0.0, f64::max)
    }

    /// Returns the largest number of bars in flight at the same time.
    ///
    /// A bar that ends when another starts doesn't overlap it, and a bar of length 0 is never in flight.
    /// Bars of elided rows aren't counted.
    pub fn peak(&self) -> usize {
        let mut edges: Vec<(f64, bool)> = self
            .bars()
            .filter(|bar| bar.end_ms > bar.start_ms)
            .flat_map(|bar| [(bar.start_ms, true), (bar.end_ms, false)])
            .collect();
        // At the same time, ends sort before starts.
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

    /// Leaves out the middle of a long chart. Keeps the first `keep_first` and the last `keep_last` rows
    /// of bars, and replaces the rows and headings between them by one [`Row::Elided`].
    ///
    /// The total doesn't change: if a row in the middle ends later than every kept row, it is kept too.
    /// Headings directly above the last rows are kept. Compute [`Gantt::peak`] first: elided bars
    /// don't count.
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
