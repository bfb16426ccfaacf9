//! What the example `growth` measures: as a table, which can be read back, and as curves.

use std::fmt;
use std::num::NonZeroUsize;

use comparison::table::grouped;
use diagram::{Axis, Curve, Series};
use pool::workload::Workload;

pub(crate) const COMMAND: &str = "$ cargo run --release -p comparison --example growth";
pub(crate) const LIMIT: NonZeroUsize = NonZeroUsize::new(10).unwrap();
/// Every item takes 50 ms.
pub(crate) const WORKLOAD: Workload = Workload::Constant;
pub(crate) const ITEMS: [usize; 5] = [100, 1_000, 10_000, 100_000, 1_000_000];
const SETTINGS: &str = "items of 50 ms, limit 10, virtual time, a descriptor for each item";
const HEADING: &str = "strategy              items            time   in flight         bytes";

/// The figures of all runs.
#[derive(Debug, PartialEq)]
pub(crate) struct Growth {
    /// The date, the processor and its cores, if they are known.
    pub(crate) machine: Option<String>,
    /// In the order of the strategies, and of each strategy in the order of the items.
    pub(crate) rows: Vec<Row>,
}

/// The figures of one run.
#[derive(Debug, PartialEq)]
pub(crate) struct Row {
    pub(crate) strategy: String,
    pub(crate) items: usize,
    pub(crate) ms: usize,
    /// The most items in flight at once.
    pub(crate) in_flight: usize,
    /// Bytes allocated at the peak, above those allocated before the run.
    pub(crate) bytes: usize,
}

impl Growth {
    /// Draws one picture for each figure, with a curve for each strategy.
    pub(crate) fn curves(&self) -> [(&'static str, Curve); 3] {
        [
            ("growth-time", "time", "ms"),
            ("growth-in-flight", "in flight at most", "items"),
            ("growth-bytes", "allocated at the peak", "bytes"),
        ]
        .map(|(file, name, unit)| {
            let figure = |row: &Row| match unit {
                "ms" => row.ms,
                "items" => row.in_flight,
                _ => row.bytes,
            };
            let of_strategy = self.rows.chunk_by(|a, b| a.strategy == b.strategy);
            let series = of_strategy.map(|rows| {
                let points = rows
                    .iter()
                    .map(|row| (row.items as f64, figure(row) as f64));
                Series::new(&rows[0].strategy, points)
            });
            let mut notes = vec![SETTINGS.to_owned(), COMMAND.to_owned()];
            notes.extend(self.machine.clone());
            let curve = Curve {
                x: Axis::logarithmic("items", ""),
                y: Axis::logarithmic(name, unit),
                series: series.collect(),
                notes,
                title: None,
            };
            (file, curve)
        })
    }
}

/// The table, which is the recording.
impl fmt::Display for Growth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(machine) = &self.machine {
            writeln!(f, "{machine}")?;
        }
        writeln!(f, "{SETTINGS}\n\n{HEADING}")?;
        for row in &self.rows {
            let time = format!("{} ms", grouped(row.ms));
            let [items, in_flight, bytes] = [row.items, row.in_flight, row.bytes].map(grouped);
            writeln!(
                f,
                "{:<17}{items:>10}{time:>16}{in_flight:>12}{bytes:>14}",
                row.strategy
            )?;
        }
        Ok(())
    }
}
