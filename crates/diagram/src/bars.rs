//! How much of something: measurements side by side.

mod measurement;
mod svg;
mod text;

use serde::{Deserialize, Serialize};

use crate::{Error, Theme, cells, number};

pub use measurement::Measurement;

/// Measurements in one unit, as bars on a scale that starts at 0.
///
/// If every number of the picture is whole, numbers are printed in full (they are counts);
/// otherwise to three significant digits.
///
/// ```
/// use diagram::{Bars, Measurement};
///
/// let increment = Bars {
///     unit: "ns".into(),
///     rows: vec![
///         Measurement::new("Mutex", 145.2).between(139.0, 150.4),
///         Measurement::new("AtomicU64", 48.4).between(48.1, 49.0),
///     ],
///     baseline: Some(0),
///     ..Bars::default()
/// };
/// assert_eq!(increment.to_string(), "\
/// Mutex       ▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆    145 ns  (139 to 150)    1.00×
/// AtomicU64   ▆▆▆▆▆▆▆▆▆▆▆▆                          48.4 ns  (48.1 to 49.0)  0.33×
/// ");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bars {
    /// Stands above the bars.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What the values count: `ns`, `MiB`, `runs`.
    pub unit: String,
    /// The measurements, from top to bottom; at least one.
    pub rows: Vec<Measurement>,
    /// The row, counted from 0, to which all rows are compared: each gets its ratio to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<usize>,
    /// Stand under the bars, each in a line of its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

impl Bars {
    /// Says why the bars can't be drawn, if they can't be at any width.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`] without a row; [`Error::Number`] for a number that is negative, infinite or
    /// not a number; [`Error::Spread`] for a value outside its spread; [`Error::NoSuchBaseline`]
    /// and [`Error::NoRatio`] for a baseline to which nothing can be compared; [`Error::Label`] for
    /// words that break a line.
    pub fn check(&self) -> Result<(), Error> {
        let texts = self.title.iter().chain([&self.unit]).chain(&self.notes);
        texts
            .into_iter()
            .try_for_each(|text| cells::check_label(text))?;
        if self.rows.is_empty() {
            return Err(Error::Empty { what: "rows" });
        }
        self.rows.iter().try_for_each(Measurement::check)?;
        let Some(baseline) = self.baseline else {
            return Ok(());
        };
        let Some(base) = self.rows.get(baseline) else {
            return Err(Error::NoSuchBaseline {
                baseline,
                rows: self.rows.len(),
            });
        };
        match self
            .rows
            .iter()
            .find(|row| !(row.value / base.value).is_finite())
        {
            Some(row) => Err(Error::NoRatio {
                row: row.label.clone(),
            }),
            None => Ok(()),
        }
    }

    /// Draws the bars in lines of at most `width` cells.
    ///
    /// # Errors
    ///
    /// If [`Bars::check`] fails, or labels and numbers leave no room for the bars.
    pub fn text(&self, width: usize) -> Result<String, Error> {
        self.check()?;
        text::draw(self, width)
    }

    /// Draws the bars as an SVG document.
    ///
    /// # Errors
    ///
    /// If [`Bars::check`] fails.
    pub fn svg(&self, theme: Theme) -> Result<String, Error> {
        self.check()?;
        Ok(svg::draw(self, theme))
    }

    /// What the picture shows, in words: a line for each thing. It is the description that the SVG
    /// document carries.
    ///
    /// # Errors
    ///
    /// If [`Bars::check`] fails.
    pub fn description(&self) -> Result<String, Error> {
        self.check()?;
        Ok(svg::describe(self, &self.figures()))
    }

    /// Each row's numbers as words. Only for bars that pass their check.
    fn figures(&self) -> Vec<Figures> {
        let whole = self.rows.iter().all(Measurement::is_whole);
        let print = if whole {
            number::whole
        } else {
            number::significant
        };
        let base = self.baseline.map(|row| self.rows[row].value);
        let figures = |row: &Measurement| Figures {
            value: print(row.value),
            spread: row
                .spread()
                .map(|(low, high)| format!("({} to {})", print(low), print(high))),
            ratio: base.map(|base| number::ratio(row.value / base)),
        };
        self.rows.iter().map(figures).collect()
    }
}

/// The words of one row.
struct Figures {
    value: String,
    spread: Option<String>,
    ratio: Option<String>,
}
