//! The figures of a run.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use crate::flags::Plan;

/// The names of the figures, in the order in which they are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Name {
    DeliveriesPerSecond,
    P50,
    P99,
    EventsPublished,
    EventsLost,
    EventsOutOfOrder,
    ReadersCut,
    ResidentBefore,
    ResidentWithClients,
    ResidentPerClient,
    ResidentAtTheStart,
    ResidentAtTheEnd,
    MemoryFlat,
    StalledClients,
    StalledCut,
    CutsSeen,
    DroppedSlow,
    DescriptorsKept,
    DescriptorsAfterAllLeft,
}

/// How the figures of several runs become one.
enum Merged {
    Median,
    /// For a figure that should be 0 in every run.
    Largest,
    /// For a figure that should be large, or true, in every run.
    Smallest,
}

impl Name {
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Name::DeliveriesPerSecond => ("deliveries per second", ""),
            Name::P50 => ("p50 from publish to receipt", "ms"),
            Name::P99 => ("p99 from publish to receipt", "ms"),
            Name::EventsPublished => ("events published", ""),
            Name::EventsLost => ("deliveries lost", ""),
            Name::EventsOutOfOrder => ("deliveries out of order", ""),
            Name::ReadersCut => ("reading clients cut off", ""),
            Name::ResidentBefore => ("resident without clients", "bytes"),
            Name::ResidentWithClients => ("resident with clients", "bytes"),
            Name::ResidentPerClient => ("resident per client", "bytes"),
            Name::ResidentAtTheStart => ("resident at the start", "bytes"),
            Name::ResidentAtTheEnd => ("resident at the end", "bytes"),
            Name::MemoryFlat => ("memory flat", ""),
            Name::StalledClients => ("stalled clients", ""),
            Name::StalledCut => ("stalled clients cut off", ""),
            Name::CutsSeen => ("times that one was cut off", ""),
            Name::DroppedSlow => ("dropped as slow, from /stats", ""),
            Name::DescriptorsKept => ("descriptors still open", ""),
            Name::DescriptorsAfterAllLeft => ("descriptors still open once all have left", ""),
        }
    }

    fn merged(self) -> Merged {
        match self {
            Name::EventsLost
            | Name::EventsOutOfOrder
            | Name::ReadersCut
            | Name::DescriptorsKept
            | Name::DescriptorsAfterAllLeft => Merged::Largest,
            Name::MemoryFlat | Name::StalledCut => Merged::Smallest,
            _ => Merged::Median,
        }
    }
}

/// The figures of one run, or of several. A figure that is missing wasn't requested; one that is `None` can't be
/// measured on this system.
#[derive(Clone, Default)]
pub(crate) struct Figures(BTreeMap<Name, Option<f64>>);

impl Figures {
    pub(crate) fn set(&mut self, name: Name, value: impl Into<Option<f64>>) {
        self.0.insert(name, value.into());
    }

    pub(crate) fn get(&self, name: Name) -> Option<f64> {
        *self.0.get(&name)?
    }

    /// Returns the medians, or the worst for a figure that has to be right in every run.
    pub(crate) fn of_runs(runs: &[Figures]) -> Figures {
        let names = runs.iter().flat_map(|run| run.0.keys().copied());
        let mut merged = Figures::default();
        for name in names {
            let mut values: Vec<f64> = runs.iter().filter_map(|run| run.get(name)).collect();
            values.sort_by(f64::total_cmp);
            let value = match name.merged() {
                Merged::Median => median(&values),
                Merged::Largest => values.last().copied(),
                Merged::Smallest => values.first().copied(),
            };
            merged.set(name, value);
        }
        merged
    }

    /// Returns a line for each figure: `name: value unit`.
    pub(crate) fn text(&self, plan: &Plan, runs: u32) -> String {
        let mut text = format!("server: {}\n", plan.server.name());
        text += &format!("runs: {runs}\nclients: {}\n", grouped(plan.clients.into()));
        for (name, value) in &self.0 {
            let (words, unit) = name.words();
            let value = match (name, value) {
                (_, None) => "not measured".to_owned(),
                (Name::MemoryFlat, Some(flat)) => yes_or_no(*flat).to_owned(),
                (Name::P50 | Name::P99, Some(time)) => format!("{time:.3} {unit}"),
                (_, Some(value)) => format!("{} {unit}", grouped(*value)),
            };
            text += &format!("{words}: {}\n", value.trim_end());
        }
        text
    }

    /// Returns one JSON object with the plan and the figures.
    pub(crate) fn json(&self, plan: &Plan, runs: u32) -> Value {
        let mut figures = json!(self.0);
        if let Some(flat) = self.get(Name::MemoryFlat) {
            figures["memory_flat"] = json!(flat > 0.0);
        }
        json!({ "plan": plan, "runs": runs, "figures": figures })
    }
}

pub(crate) fn yes_or_no(value: f64) -> &'static str {
    if value > 0.0 { "yes" } else { "no" }
}

/// Returns the median of sorted values.
pub(crate) fn median(sorted: &[f64]) -> Option<f64> {
    let middle = sorted.len() / 2;
    match sorted.len() % 2 {
        1 => Some(sorted[middle]),
        _ if sorted.is_empty() => None,
        _ => Some((sorted[middle - 1] + sorted[middle]) / 2.0),
    }
}

/// Returns a rounded number with commas.
pub(crate) fn grouped(value: f64) -> String {
    let digits = format!("{:.0}", value.abs());
    let mut text = if value <= -0.5 { "-" } else { "" }.to_owned();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
