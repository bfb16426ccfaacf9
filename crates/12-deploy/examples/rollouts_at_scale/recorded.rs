//! What the example `rollouts_at_scale` finds: as a table, which can be read back, and as curves.

use std::fmt;

use deploy::Strategy;
use diagram::{Axis, Curve, Series};

use crate::simulated::{Kind, rolled_out};

pub(crate) const COMMAND: &str = "$ cargo run --release -p deploy --example rollouts_at_scale";
pub(crate) const CLUSTERS: [usize; 4] = [50, 500, 5_000, 50_000];
const SETTINGS: &str = "clusters of 1 to 3 s, virtual time";
const HEADING: &str =
    "strategy     clusters    limit        makespan  requests  requests/s   reached";

/// How many clusters may be in flight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Limit {
    /// 10, however many clusters there are.
    Ten,
    /// A fifth of the clusters, as in the talk.
    Fifth,
}

impl Limit {
    pub(crate) const ALL: [Limit; 2] = [Limit::Ten, Limit::Fifth];

    pub(crate) fn of(self, clusters: usize) -> usize {
        match self {
            Limit::Ten => 10,
            Limit::Fifth => clusters / 5,
        }
    }

    fn words(self) -> (&'static str, &'static str) {
        match self {
            Limit::Ten => ("ten", "limit 10"),
            Limit::Fifth => ("fifth", "limit: a fifth of the clusters"),
        }
    }
}

/// The figures of all rollouts.
#[derive(Debug, PartialEq)]
pub(crate) struct Scale {
    pub(crate) rows: Vec<Row>,
}

/// The figures of two rollouts: of a good change, and of a bad one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    pub(crate) strategy: String,
    pub(crate) clusters: usize,
    pub(crate) limit: usize,
    /// How long the good change takes.
    pub(crate) ms: usize,
    /// How many requests it takes.
    pub(crate) requests: usize,
    /// How many clusters the bad change reaches before the failure budget stops it.
    pub(crate) reached: usize,
}

/// Returns a figure of a row.
type Figure = fn(&Row) -> f64;

impl Row {
    /// Rolls out twice.
    pub(crate) fn of(strategy: Strategy, clusters: usize, limit: Limit) -> Row {
        let limit = limit.of(clusters);
        let (good, took) = rolled_out(strategy, clusters, limit, Kind::Good);
        assert!(good.is_success());
        let (bad, _) = rolled_out(strategy, clusters, limit, Kind::Bad);
        Row {
            strategy: strategy.to_string(),
            clusters,
            limit,
            ms: took.as_millis() as usize,
            requests: good.tries() as usize,
            reached: bad.reached(),
        }
    }

    fn per_second(&self) -> f64 {
        self.requests as f64 / self.ms as f64 * 1_000.0
    }
}

impl Scale {
    /// Rolls out by each strategy, with each limit, to so many clusters.
    pub(crate) fn over(clusters: &[usize]) -> Scale {
        let mut rows = Vec::new();
        for limit in Limit::ALL {
            for strategy in Strategy::ALL {
                rows.extend(clusters.iter().map(|it| Row::of(strategy, *it, limit)));
            }
        }
        Scale { rows }
    }

    /// Draws a picture for each figure and each limit, with a curve for each strategy.
    pub(crate) fn curves(&self) -> Vec<(String, Curve)> {
        let mut curves = Vec::new();
        let halves = self.rows.chunks(self.rows.len() / 2);
        for (limit, rows) in Limit::ALL.into_iter().zip(halves) {
            let (file, words) = limit.words();
            let figures: [(&str, Axis, Figure); 3] = [
                ("makespan", Axis::logarithmic("makespan", "s"), |row| {
                    row.ms as f64 / 1_000.0
                }),
                (
                    "requests",
                    Axis::logarithmic("requests per second", ""),
                    Row::per_second,
                ),
                (
                    "reached",
                    Axis::logarithmic("clusters that a bad change reaches", ""),
                    |row| row.reached as f64,
                ),
            ];
            // The table says all of a limit of ten: it fixes the requests per second, and what a bad change reaches.
            let shown = if limit == Limit::Ten { 1 } else { 3 };
            for (name, y, figure) in figures.into_iter().take(shown) {
                let of_strategy = rows.chunk_by(|a, b| a.strategy == b.strategy);
                let series = of_strategy.map(|rows| {
                    let points = rows.iter().map(|row| (row.clusters as f64, figure(row)));
                    Series::new(&rows[0].strategy, points)
                });
                let curve = Curve {
                    x: Axis::logarithmic("clusters", ""),
                    y,
                    series: series.collect(),
                    notes: vec![format!("{SETTINGS}, {words}"), COMMAND.to_owned()],
                    title: None,
                };
                curves.push((format!("scale-{name}-{file}"), curve));
            }
        }
        curves
    }
}

/// The table, which is the recording.
impl fmt::Display for Scale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{SETTINGS}")?;
        writeln!(f, "a good change: 1 % of the clusters are busy at first")?;
        writeln!(
            f,
            "a bad change: 30 % of the clusters reject it, and 5 failures stop it"
        )?;
        writeln!(f, "\n{HEADING}")?;
        for row in &self.rows {
            let makespan = format!("{} ms", grouped(row.ms));
            let [clusters, limit, requests, reached] =
                [row.clusters, row.limit, row.requests, row.reached].map(grouped);
            writeln!(
                f,
                "{:<11}{clusters:>10}{limit:>9}{makespan:>16}{requests:>10}{:>12.1}{reached:>10}",
                row.strategy,
                row.per_second()
            )?;
        }
        Ok(())
    }
}

/// `50,000`
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}
