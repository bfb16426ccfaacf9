//! Records every strategy at every position of the page's sliders, and what to choose there.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use comparison::advice::advice;
use comparison::descriptors::Descriptors;
use comparison::measured::{Clock, Measured, measure};
use comparison::strategy::Strategy;
use comparison::table::{DESCRIPTORS, Settings, Table, grouped};
use diagram::{Snapshot, assert_snapshot};
use pool::workload::Workload;
use serde::Serialize;

const LIMITS: [usize; 4] = [1, 10, 100, 1_000];
const ITEMS: [usize; 4] = [10, 100, 200, 1_000];
const SEED: u64 = 7;
/// The position that the picture shows: exponential durations, a limit of 10, and 1,000 items.
const SHOWN: [usize; 3] = [2, 1, 3];

/// The runs behind the page's sliders.
#[derive(Serialize)]
struct Choices {
    parameters: [Parameter; 3],
    runs: Vec<Run>,
    /// The position that each drawn picture shows. The sliders start there.
    pictures: BTreeMap<&'static str, Position>,
    /// What to choose, for each position.
    advice: BTreeMap<String, String>,
}

#[derive(Serialize)]
struct Position {
    at: [usize; 3],
}

#[derive(Serialize)]
struct Parameter {
    name: &'static str,
    values: Vec<String>,
}

#[derive(Clone, PartialEq, Serialize)]
struct Run {
    strategy: String,
    /// The index of each parameter's value, or `None` if the strategy doesn't depend on it.
    at: [Option<usize>; 3],
    ms: u64,
    tasks: usize,
    in_flight: usize,
    failed: usize,
}

/// Data without a picture.
impl Snapshot for Choices {
    fn text(&self) -> Option<String> {
        None
    }

    fn data(&self) -> Option<String> {
        Some(serde_json::to_string(self).unwrap() + "\n")
    }
}

fn cost(strategy: Strategy, workload: usize, limit: usize, items: usize) -> Measured {
    let durations = Workload::ALL[workload].durations(ITEMS[items], SEED);
    let limit = NonZeroUsize::new(LIMITS[limit]).unwrap();
    let descriptors = Descriptors::counted(DESCRIPTORS);
    measure(strategy, durations, limit, descriptors, Clock::Virtual)
}

#[test]
fn every_strategy_at_every_position() {
    let mut runs: Vec<Run> = Vec::new();
    let mut sentences = BTreeMap::new();
    for workload in 0..Workload::ALL.len() {
        for (items, &count) in ITEMS.iter().enumerate() {
            // The two that ignore the limit run once for all limits.
            let ignoring = [Strategy::Sequential, Strategy::Unlimited];
            let once = ignoring.map(|strategy| (strategy, cost(strategy, workload, 0, items)));
            for limit in 0..LIMITS.len() {
                let mut costs = once.to_vec();
                costs.extend(
                    Strategy::ASYNC[2..]
                        .iter()
                        .map(|strategy| (*strategy, cost(*strategy, workload, limit, items))),
                );
                for (strategy, cost) in &costs {
                    let limit = (!ignoring.contains(strategy)).then_some(limit);
                    let run = Run {
                        strategy: strategy.to_string(),
                        at: [Some(workload), limit, Some(items)],
                        ms: cost.ms as u64,
                        tasks: cost.tasks,
                        in_flight: cost.in_flight,
                        failed: cost.failed,
                    };
                    assert_eq!(run.ms as f64, cost.ms, "whole milliseconds");
                    if !runs.contains(&run) {
                        runs.push(run);
                    }
                }
                let sentence = advice(&costs, count);
                holds(&sentence, &costs);
                sentences.insert(format!("{workload}-{limit}-{items}"), sentence);
            }
        }
    }
    let shown = &sentences[&SHOWN.map(|it| it.to_string()).join("-")];
    let settings = Settings {
        workloads: vec![Workload::ALL[SHOWN[0]]],
        items: ITEMS[SHOWN[2]],
        limit: NonZeroUsize::new(LIMITS[SHOWN[1]]).unwrap(),
        seed: SEED,
        clock: Clock::Virtual,
        descriptors: Descriptors::counted(DESCRIPTORS),
    };
    let table = Table::measure(&settings, None);
    assert_snapshot!("choice", format!("{table}\n{}", wrapped(shown)));
    let choices = Choices {
        parameters: [
            Parameter {
                name: "Durations",
                values: Workload::ALL.map(|it| it.to_string()).into(),
            },
            Parameter {
                name: "Limit",
                values: LIMITS.map(grouped).into(),
            },
            Parameter {
                name: "Items",
                values: ITEMS.map(grouped).into(),
            },
        ],
        runs,
        pictures: BTreeMap::from([("choice", Position { at: SHOWN })]),
        advice: sentences,
    };
    assert_snapshot!("choice-runs", choices);
}

/// Checks the sentence against the costs: the fastest has no failure, and every strategy that loses items is named.
fn holds(sentence: &str, costs: &[(Strategy, Measured)]) {
    let (first, rest) = sentence
        .split_once(" the fastest without a failure: ")
        .unwrap();
    for (strategy, cost) in costs {
        let name = strategy.to_string();
        let praised = first.split([' ', ',']).any(|word| word == name);
        let faster = costs
            .iter()
            .any(|(_, it)| it.failed == 0 && it.ms < cost.ms);
        assert_eq!(praised, cost.failed == 0 && !faster, "{name}: {sentence}");
        if praised {
            let ms = format!("{} ms, ", grouped(cost.ms as usize));
            assert!(rest.starts_with(&ms), "{name}: {sentence}");
        }
        let loses = format!("{name} loses {}", grouped(cost.failed));
        assert_eq!(
            sentence.contains(&loses),
            cost.failed > 0,
            "{name}: {sentence}"
        );
    }
}

/// Breaks the text into lines of at most 78 characters.
fn wrapped(text: &str) -> String {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().unwrap();
        if line.len() + word.len() >= 78 {
            lines.push(word.to_owned());
        } else if line.is_empty() {
            line.push_str(word);
        } else {
            line.push(' ');
            line.push_str(word);
        }
    }
    lines.join("\n") + "\n"
}
