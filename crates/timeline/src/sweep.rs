//! Runs for every combination of some parameters.

use std::collections::{BTreeMap, BTreeSet};

use diagram::{End, Gantt, Row, Snapshot};
use serde::{Deserialize, Serialize, Serializer};

use crate::Recording;

/// The runs of several variants for every combination of parameters, for a page to slide through.
///
/// Each run was recorded; nothing in between is made up. [`Sweep::check`] says whether one is missing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sweep {
    /// What can be changed.
    pub parameters: Vec<Parameter>,
    /// The runs: for each variant one for each combination of the parameters' values.
    pub runs: Vec<Run>,
    /// Which combination a drawn picture shows, by the picture's name.
    pub pictures: BTreeMap<String, Selection>,
}

/// One parameter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parameter {
    /// What it is called: `limit`.
    pub name: String,
    /// Its values in words, from the first to the last: `1`, `2`, `3`.
    pub values: Vec<String>,
}

/// A combination of values, and the variant that is looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Selection {
    /// For each parameter the index of its value.
    pub at: Vec<usize>,
    /// The variant.
    pub variant: String,
}

/// One recorded run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// Which variant ran.
    pub variant: String,
    /// For each parameter the index of its value; `None` if the variant doesn't depend on it.
    pub at: Vec<Option<usize>>,
    /// When the last span ended, in milliseconds.
    #[serde(serialize_with = "short")]
    pub total_ms: f64,
    /// The most spans in flight at once.
    pub most_in_flight: usize,
    /// What ran when.
    pub rows: Vec<SweptRow>,
}

/// One row of a run's chart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SweptRow {
    /// What it is called.
    pub label: String,
    /// Start and end of each bar, one bar after the other, in milliseconds.
    #[serde(serialize_with = "all_short")]
    pub bars: Vec<f64>,
    /// The bars that did not finish, by their index, and how they ended.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ends: Vec<(usize, End)>,
}

/// A whole number without its `.0`: there are thousands of them.
#[derive(Serialize)]
#[serde(untagged)]
enum Short {
    Whole(u64),
    Broken(f64),
}

impl From<f64> for Short {
    fn from(ms: f64) -> Short {
        if ms == ms.trunc() && (0.0..1e15).contains(&ms) {
            Short::Whole(ms as u64)
        } else {
            Short::Broken(ms)
        }
    }
}

fn short<S: Serializer>(ms: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    Short::from(*ms).serialize(serializer)
}

fn all_short<S: Serializer>(bars: &[f64], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(bars.iter().map(|ms| Short::from(*ms)))
}

impl Run {
    /// A recording as a run. `chart` is how it is drawn: its rows of bars are taken over.
    pub fn new(
        variant: impl Into<String>,
        at: impl Into<Vec<Option<usize>>>,
        recording: &Recording,
        chart: Gantt,
    ) -> Run {
        let rows = chart.rows.into_iter().filter_map(|row| match row {
            Row::Bars { label, bars } => Some(SweptRow {
                label,
                ends: (0..)
                    .zip(&bars)
                    .filter(|(_, bar)| bar.end != End::Finished)
                    .map(|(index, bar)| (index, bar.end))
                    .collect(),
                bars: bars
                    .iter()
                    .flat_map(|bar| [bar.start_ms, bar.end_ms])
                    .collect(),
            }),
            _ => None,
        });
        Run {
            variant: variant.into(),
            at: at.into(),
            total_ms: recording.total_ms,
            most_in_flight: recording.most_in_flight(),
            rows: rows.collect(),
        }
    }

    fn is_at(&self, place: &[usize]) -> bool {
        let mut values = self.at.iter().zip(place);
        self.at.len() == place.len() && values.all(|(at, value)| at.is_none_or(|at| at == *value))
    }
}

impl Sweep {
    /// Says what is missing, if anything is: every variant has one run, and no more, for every
    /// combination of values, and every picture names one of them.
    ///
    /// # Errors
    ///
    /// The first that is missing or double, in words.
    pub fn check(&self) -> Result<(), String> {
        let variants: BTreeSet<&str> = self.runs.iter().map(|run| run.variant.as_str()).collect();
        let mut places = vec![Vec::new()];
        for parameter in &self.parameters {
            let longer = places.iter().flat_map(|place: &Vec<usize>| {
                (0..parameter.values.len()).map(|value| [&place[..], &[value]].concat())
            });
            places = longer.collect();
        }
        for variant in &variants {
            for place in &places {
                let of = |run: &&Run| run.variant == *variant && run.is_at(place);
                match self.runs.iter().filter(of).count() {
                    1 => {}
                    count => return Err(format!("{variant} has {count} runs at {place:?}")),
                }
            }
        }
        for (name, Selection { at, variant }) in &self.pictures {
            if !places.contains(at) || !variants.contains(variant.as_str()) {
                return Err(format!(
                    "{name} shows {variant} at {at:?}, and there is no such run"
                ));
            }
        }
        Ok(())
    }

    /// The sweep as JSON in one line, with a final newline.
    ///
    /// # Panics
    ///
    /// If [`Sweep::check`] fails.
    pub fn json(&self) -> String {
        if let Err(missing) = self.check() {
            panic!("{missing}");
        }
        serde_json::to_string(self).expect("a time is a number") + "\n"
    }
}

/// Data without a picture of its own.
impl Snapshot for Sweep {
    fn text(&self) -> Option<String> {
        None
    }

    fn data(&self) -> Option<String> {
        Some(self.json())
    }
}

#[cfg(test)]
mod tests {
    use super::{Parameter, Run, Selection, Sweep};

    fn run(variant: &str, at: impl Into<Vec<Option<usize>>>) -> Run {
        Run {
            variant: variant.to_owned(),
            at: at.into(),
            total_ms: 0.0,
            most_in_flight: 0,
            rows: Vec::new(),
        }
    }

    fn sweep(runs: Vec<Run>) -> Sweep {
        Sweep {
            parameters: vec![Parameter {
                name: "limit".to_owned(),
                values: vec!["1".to_owned(), "2".to_owned()],
            }],
            runs,
            ..Sweep::default()
        }
    }

    #[test]
    fn a_run_may_stand_for_all_values() {
        let whole = sweep(vec![
            run("window", [Some(0)]),
            run("window", [Some(1)]),
            run("sequential", [None]),
        ]);
        assert_eq!(whole.check(), Ok(()));
    }

    #[test]
    fn a_missing_run_a_double_one_and_a_picture_of_none_are_named() {
        let missing = sweep(vec![run("window", [Some(0)])]);
        assert_eq!(missing.check(), Err("window has 0 runs at [1]".to_owned()));

        let double = sweep(vec![run("window", [None]), run("window", [Some(1)])]);
        assert_eq!(double.check(), Err("window has 2 runs at [1]".to_owned()));

        let mut of_none = sweep(vec![run("window", [None])]);
        let place = Selection {
            at: vec![2],
            variant: "window".to_owned(),
        };
        of_none.pictures.insert("batches".to_owned(), place);
        let error = of_none.check().unwrap_err();
        assert!(error.starts_with("batches shows window at [2]"), "{error}");
    }
}
