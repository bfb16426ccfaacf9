//! Bar charts: measurements side by side.

mod measurement;
mod svg;
mod text;

use serde::{Deserialize, Serialize};

use crate::painted::Painted;
use crate::{Error, Theme, cells, number};

pub use measurement::Measurement;

/// Measurements in one unit, as bars on a scale that starts at 0.
///
/// If every number in the picture is whole, the numbers are counts and are printed in full.
/// Otherwise they are printed to three significant digits.
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
    /// Printed above the bars.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The unit of the values: `ns`, `MiB`, `runs`.
    pub unit: String,
    /// The measurements, from top to bottom; at least one.
    pub rows: Vec<Measurement>,
    /// The index of the row that all rows are compared with. Each row then shows its ratio to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<usize>,
    /// Printed below the bars, one per line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

impl Bars {
    /// Reports data that can't be drawn at any width.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`] if there is no row, [`Error::Number`] for a number that is negative, infinite
    /// or NaN, [`Error::Spread`] for a value outside its spread, [`Error::NoSuchBaseline`] or
    /// [`Error::NoRatio`] for a baseline that rows can't be compared with, [`Error::Label`] for text
    /// that doesn't fit on one line.
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
    /// If [`Bars::check`] fails, or if labels and numbers leave no room for the bars.
    pub fn text(&self, width: usize) -> Result<String, Error> {
        Ok(self.painted(width)?.text)
    }

    pub(crate) fn painted(&self, width: usize) -> Result<Painted, Error> {
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

    /// Describes the picture in words, one line per row. The SVG document contains the same text.
    ///
    /// # Errors
    ///
    /// If [`Bars::check`] fails.
    pub fn description(&self) -> Result<String, Error> {
        self.check()?;
        Ok(svg::describe(self, &self.figures()))
    }

    /// Formats each row's numbers. The bars must have passed their check.
    fn figures(&self) -> Vec<Figures> {
        let print = number::printer(self.rows.iter().flat_map(Measurement::numbers));
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

/// The formatted numbers of one row.
struct Figures {
    value: String,
    spread: Option<String>,
    ratio: Option<String>,
}
