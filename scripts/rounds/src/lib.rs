//! Figures that are measured in rounds, so that what slows the machine down for a while slows every subject down.
//!
//! A round measures each subject once. [`Rounds::bars`] draws the median of a figure's rounds, with the lowest and the
//! highest. [`Rounds::ratio`] compares two figures round by round, and the ratios with a target.
//!
//! ```
//! use rounds::Rounds;
//!
//! let mut rounds = Rounds::default();
//! for (ours, peer) in [(90.0, 100.0), (95.0, 100.0), (120.0, 100.0)] {
//!     rounds.add("ours", ours);
//!     rounds.add("peer", peer);
//! }
//! let chart = rounds.bars("one call", "ns", 1.0, [("Peer", "peer"), ("Ours", "ours")]);
//! assert!(chart.contains("95 ns  (90 to 120)"));
//! assert_eq!(rounds.ratio("ours over the peer's", ["ours", "peer"], 1.0), "ours over the peer's (0.95, 0.90 to 1.20): met\n");
//! ```

use std::collections::BTreeMap;
use std::io;
use std::process::Command;

use diagram::{Bars, Measurement, WIDTH};

/// The figures of all rounds: for each name, one value per round, or one for all if it was counted once.
#[derive(Clone, Debug, Default)]
pub struct Rounds {
    figures: BTreeMap<String, Vec<f64>>,
}

impl Rounds {
    /// Adds a round's value. A round that found none adds `NaN`, which is left out of bars and ratios.
    pub fn add(&mut self, name: impl Into<String>, value: f64) {
        self.figures.entry(name.into()).or_default().push(value);
    }

    /// Returns a figure's values in the order of the rounds.
    pub fn get(&self, name: &str) -> Option<&[f64]> {
        self.figures.get(name).map(Vec::as_slice)
    }

    /// Returns the median of a figure: of an even number of rounds, the upper one.
    pub fn median(&self, name: &str) -> Option<f64> {
        sorted(self.get(name)?.iter().copied()).map(|values| median(&values))
    }

    /// Draws a chart with a row for each figure that was measured. Each row has a label and the figure's name, and the
    /// first row is the baseline of the others. Values are divided by `scale` to be in `unit`.
    pub fn bars<L, N>(
        &self,
        title: &str,
        unit: &str,
        scale: f64,
        rows: impl IntoIterator<Item = (L, N)>,
    ) -> String
    where
        L: Into<String>,
        N: AsRef<str>,
    {
        let row = |(label, name): (L, N)| {
            let values = self.get(name.as_ref())?.iter().map(|value| value / scale);
            let values = sorted(values)?;
            let row = Measurement::new(label.into(), median(&values));
            Some(match (values[0], values[values.len() - 1]) {
                (low, high) if low < high => row.between(low, high),
                _ => row,
            })
        };
        let bars = Bars {
            title: Some(title.to_owned()),
            unit: unit.to_owned(),
            rows: rows.into_iter().filter_map(row).collect(),
            baseline: Some(0),
            ..Bars::default()
        };
        let text = bars.text(WIDTH);
        text.unwrap_or_else(|error| format!("{title}: {error}\n"))
    }

    /// Says in a line whether the first figure is at most `at_most` times the second one, and the median, the lowest and
    /// the highest of the rounds' ratios. The target is met if the lowest ratio reaches it.
    pub fn ratio(&self, words: &str, of: [&str; 2], at_most: f64) -> String {
        let Some(ratios) = self.ratios(of) else {
            return format!("{words}: not measured\n");
        };
        let (low, high) = (ratios[0], ratios[ratios.len() - 1]);
        let verdict = if low <= at_most { "met" } else { "missed" };
        match ratios.len() {
            1 => format!("{words} ({low:.2}): {verdict}\n"),
            _ => format!(
                "{words} ({:.2}, {low:.2} to {high:.2}): {verdict}\n",
                median(&ratios)
            ),
        }
    }

    /// The ratios of each round, in ascending order.
    fn ratios(&self, of: [&str; 2]) -> Option<Vec<f64>> {
        let [ours, peer] = of.map(|name| self.get(name));
        let (ours, peer) = (ours?, peer?);
        let rounds = ours.len().max(peer.len());
        let value = |values: &[f64], round| values.get(round).or(values.last()).copied();
        let ratio = |round| Some(value(ours, round)? / value(peer, round)?);
        sorted((0..rounds).filter_map(ratio))
    }
}

/// Runs a program that prints a figure per line: its name, a space and its value. Returns them in the order of the lines.
///
/// # Errors
///
/// The program can't run, fails, or prints another line.
pub fn figures(command: &mut Command) -> io::Result<Vec<(String, f64)>> {
    let program = command.get_program().to_string_lossy().into_owned();
    let bad = |what: &str| io::Error::other(format!("{program}: {what}"));
    let output = command.output().map_err(|error| bad(&error.to_string()))?;
    if !output.status.success() {
        return Err(bad(String::from_utf8_lossy(&output.stderr).trim()));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let figure = |line: &str| {
        let (name, value) = line.rsplit_once(' ')?;
        Some((name.to_owned(), value.parse().ok()?))
    };
    text.lines()
        .map(|line| figure(line).ok_or_else(|| bad(&format!("printed {line:?}"))))
        .collect()
}

/// Returns the values in ascending order, without those of rounds in which none was found.
fn sorted(values: impl Iterator<Item = f64>) -> Option<Vec<f64>> {
    let mut values: Vec<f64> = values.filter(|value| value.is_finite()).collect();
    values.sort_by(f64::total_cmp);
    (!values.is_empty()).then_some(values)
}

fn median(sorted: &[f64]) -> f64 {
    sorted[sorted.len() / 2]
}
