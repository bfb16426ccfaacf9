//! Curves: how a figure grows with another.

mod across;
mod axis;
mod grid;
mod ruler;
mod series;
mod style;
mod svg;
mod text;

use serde::{Deserialize, Serialize};

use crate::painted::Painted;
use crate::{Error, Theme, cells, number};

pub use axis::{Axis, Scale};
pub use series::Series;

/// Returns a point's value along one axis.
type Along = fn(&(f64, f64)) -> f64;

/// A text has a letter for each curve.
const MOST: usize = 26;

/// Series of points over two axes. The lines between the points only guide the eye.
///
/// A linear axis starts at 0, and a logarithmic one says that it is logarithmic. Series with the same points are one
/// curve, which is labelled with all their names.
///
/// ```
/// use diagram::{Axis, Curve, Series};
///
/// let growth = Curve {
///     x: Axis::logarithmic("items", ""),
///     y: Axis::linear("time", "ms"),
///     series: vec![
///         Series::new("sequential", [(1.0, 50.0), (10.0, 500.0)]),
///         Series::new("window", [(1.0, 50.0), (10.0, 100.0)]),
///         Series::new("batches", [(1.0, 50.0), (10.0, 100.0)]),
///     ],
///     ..Curve::default()
/// };
/// assert_eq!(growth.text(40).unwrap(), "\
/// time (ms)
/// 500 ┤                                ·A
///     │                            ····
/// 400 ┤                        ····
///     │                     ···
/// 300 ┤                 ····
///     │             ····
/// 200 ┤          ···
///     │      ····
/// 100 ┤  ····           ················B
///     │2················
///   0 ┤
///     └┬────────────────────────────────┬
///      1                                10
///                     items (logarithmic)
/// A  sequential
/// B  window, batches
/// A digit is the number of curves that
/// share that cell.
/// ");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Curve {
    /// Printed above the curves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The horizontal axis.
    pub x: Axis,
    /// The vertical axis.
    pub y: Axis,
    /// The series; at least one, and at most 26 with different points.
    pub series: Vec<Series>,
    /// Printed below the curves, one per line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

impl Curve {
    /// Reports data that can't be drawn at any width.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`] if there is no series, [`Error::NoPoints`] for a series without points, [`Error::Number`] for a
    /// number that is negative, infinite or NaN, [`Error::NoLogarithm`] for a 0 on a logarithmic axis,
    /// [`Error::Unsorted`] for a point that isn't to the right of the one before, [`Error::TooMany`] for more than 26
    /// curves, [`Error::Label`] for text that doesn't fit on one line.
    pub fn check(&self) -> Result<(), Error> {
        let axes = [&self.x, &self.y];
        let axes = axes.into_iter().flat_map(|axis| [&axis.name, &axis.unit]);
        let mut texts = self.title.iter().chain(axes).chain(&self.notes);
        texts.try_for_each(|text| cells::check_label(text))?;
        if self.series.is_empty() {
            return Err(Error::Empty { what: "series" });
        }
        let mut series = self.series.iter();
        series.try_for_each(|series| series.check(&self.x, &self.y))?;
        match self.lines().len() {
            ..=MOST => Ok(()),
            curves => Err(Error::TooMany { curves, most: MOST }),
        }
    }

    /// Draws the curves in lines of at most `width` cells. Each point is a cell with its curve's letter.
    ///
    /// # Errors
    ///
    /// If [`Curve::check`] fails, or if the labels of the axes leave no room for the curves.
    pub fn text(&self, width: usize) -> Result<String, Error> {
        Ok(self.painted(width)?.text)
    }

    pub(crate) fn painted(&self, width: usize) -> Result<Painted, Error> {
        self.check()?;
        text::draw(self, width)
    }

    /// Draws the curves as an SVG document.
    ///
    /// # Errors
    ///
    /// If [`Curve::check`] fails.
    pub fn svg(&self, theme: Theme) -> Result<String, Error> {
        self.check()?;
        Ok(svg::draw(self, theme))
    }

    /// Describes the picture in words, one line per axis and curve. The SVG document contains the same text.
    ///
    /// # Errors
    ///
    /// If [`Curve::check`] fails.
    pub fn description(&self) -> Result<String, Error> {
        self.check()?;
        Ok(self.words())
    }

    /// Describes the picture. It must have passed its check.
    fn words(&self) -> String {
        let axes = [
            format!("Across: {}", self.x.heading()),
            format!("Up: {}", self.y.heading()),
        ];
        let curves = self.lines().into_iter().map(|line| self.describe(&line));
        let lines = axes
            .into_iter()
            .chain(curves)
            .chain(self.notes.iter().cloned());
        lines.collect::<Vec<_>>().join("\n")
    }

    /// Describes one curve: `window: 50 ms at 1, 100 ms at 10`.
    fn describe(&self, line: &Line<'_>) -> String {
        let [x, y]: [Along; 2] = [|point| point.0, |point| point.1];
        let [at, value] = [(x, &self.x), (y, &self.y)].map(|(of, axis)| {
            let print = number::printer(self.values(of));
            move |point| {
                format!("{} {}", print(of(point)), axis.unit)
                    .trim_end()
                    .to_owned()
            }
        });
        let points = line.points.iter();
        let points = points.map(|point| format!("{} at {}", value(point), at(point)));
        let points: Vec<String> = points.collect();
        format!("{}: {}", line.label, points.join(", "))
    }

    /// Returns the curves: the different series, in order.
    fn lines(&self) -> Vec<Line<'_>> {
        let mut lines: Vec<Line<'_>> = Vec::new();
        for Series { label, points } in &self.series {
            match lines.iter_mut().find(|line| line.points == points) {
                Some(line) => line.label += &format!(", {label}"),
                None => lines.push(Line {
                    label: label.clone(),
                    points,
                }),
            }
        }
        lines
    }

    /// Returns all values along one axis.
    fn values(&self, of: Along) -> Vec<f64> {
        let points = self.series.iter().flat_map(|series| &series.points);
        points.map(of).collect()
    }
}

/// A curve, and the names of all series that it is drawn for.
struct Line<'a> {
    label: String,
    points: &'a [(f64, f64)],
}
