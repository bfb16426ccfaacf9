//! All strategies beside one another, over one or more workloads.

use std::fmt;
use std::num::NonZeroUsize;

use pool::workload::Workload;
use serde::Serialize;

use crate::descriptors::Descriptors;
use crate::measured::{Clock, Measured, measure};
use crate::strategy::Strategy;

/// The number of descriptors that the items of a table may have open at once.
pub const DESCRIPTORS: usize = 150;

/// Calls the function, and returns how many bytes were allocated at the peak, above those allocated before.
pub type Heap = fn(&mut dyn FnMut()) -> usize;

/// What a table compares.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The distributions of the durations.
    pub workloads: Vec<Workload>,
    /// The number of items.
    pub items: usize,
    /// The limit of the strategies that have one.
    pub limit: NonZeroUsize,
    /// The seed of the durations.
    pub seed: u64,
    /// The clock. On the real one, [`Strategy::Threads`] is compared, too.
    pub clock: Clock,
    /// Where the items get their descriptors from.
    pub descriptors: Descriptors,
}

/// What each strategy cost.
#[derive(Clone, Debug, Serialize)]
pub struct Table {
    items: usize,
    limit: NonZeroUsize,
    seed: u64,
    descriptors: usize,
    clock: &'static str,
    workloads: Vec<Block>,
}

/// The strategies over one workload.
#[derive(Clone, Debug, Serialize)]
struct Block {
    workload: String,
    strategies: Vec<Row>,
}

/// One strategy.
#[derive(Clone, Debug, Serialize)]
struct Row {
    strategy: String,
    #[serde(flatten)]
    measured: Measured,
    /// Left out if the heap isn't measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<usize>,
}

impl Table {
    /// Runs every strategy over every workload. With a `heap`, the table has a column for bytes.
    pub fn measure(settings: &Settings, heap: Option<Heap>) -> Table {
        let mut strategies = Strategy::ASYNC.to_vec();
        if settings.clock == Clock::Real {
            strategies.push(Strategy::Threads);
        }
        let row = |workload: Workload, strategy: Strategy| {
            let mut durations = Some(workload.durations(settings.items, settings.seed));
            let mut measured = None;
            let mut run = || {
                let durations = durations.take().expect("the heap calls this once");
                let descriptors = settings.descriptors.clone();
                measured = Some(measure(
                    strategy,
                    durations,
                    settings.limit,
                    descriptors,
                    settings.clock,
                ));
            };
            let bytes = match heap {
                Some(heap) => Some(heap(&mut run)),
                None => {
                    run();
                    None
                }
            };
            Row {
                strategy: strategy.to_string(),
                measured: measured.expect("the heap has called it"),
                bytes,
            }
        };
        let block = |&workload: &Workload| Block {
            workload: workload.to_string(),
            strategies: strategies.iter().map(|it| row(workload, *it)).collect(),
        };
        Table {
            items: settings.items,
            limit: settings.limit,
            seed: settings.seed,
            descriptors: DESCRIPTORS,
            clock: match settings.clock {
                Clock::Virtual => "virtual",
                Clock::Real => "real",
            },
            workloads: settings.workloads.iter().map(block).collect(),
        }
    }

    /// Returns the table as indented JSON with a final newline.
    pub fn json(&self) -> String {
        serde_json::to_string_pretty(self).expect("a table is valid JSON") + "\n"
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{}, limit {}, seed {}, {} descriptors, {} time",
            counted(self.items, "item"),
            grouped(self.limit.get()),
            self.seed,
            self.descriptors,
            self.clock
        )?;
        for Block {
            workload,
            strategies,
        } in &self.workloads
        {
            let has_bytes = strategies.iter().any(|row| row.bytes.is_some());
            let bytes = |text: &str| match has_bytes {
                true => format!("{text:>13}"),
                false => String::new(),
            };
            let [tasks, in_flight] = ["tasks", "in flight"];
            let (heading, failed) = (bytes("bytes"), "failed");
            writeln!(
                f,
                "\n{workload:<20}{:>15}{tasks:>11}{in_flight:>11}{heading}{failed:>9}",
                "time"
            )?;
            for row in strategies {
                let Measured {
                    ms,
                    tasks,
                    in_flight,
                    failed,
                } = row.measured;
                let time = format!("{} ms", grouped(ms.round() as usize));
                let [tasks, in_flight, failed] = [tasks, in_flight, failed].map(grouped);
                let bytes = bytes(&row.bytes.map(grouped).unwrap_or_default());
                let strategy = &row.strategy;
                writeln!(
                    f,
                    "{strategy:<20}{time:>15}{tasks:>11}{in_flight:>11}{bytes}{failed:>9}"
                )?;
            }
        }
        Ok(())
    }
}

/// Writes a number and a noun, in the plural unless the number is 1.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{} {noun}{s}", grouped(count))
}

/// Writes a number with commas between thousands.
pub fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}
