//! Recorded runs for every combination of some parameters.

use std::collections::{BTreeMap, BTreeSet};

use diagram::{End, Gantt, Row, Snapshot};
use serde::{Deserialize, Serialize, Serializer};

use crate::Recording;

/// The runs of several variants for every combination of parameters. A page shows them with sliders.
///
/// Every run is a recording; none is interpolated. [`Sweep::check`] reports a missing run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sweep {
    /// The parameters that vary.
    pub parameters: Vec<Parameter>,
    /// The runs: one for each variant and each combination of the parameters' values.
    pub runs: Vec<Run>,
    /// The run that each drawn picture shows, by the picture's name.
    pub pictures: BTreeMap<String, Selection>,
}

/// One parameter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parameter {
    /// The parameter's name: `limit`.
    pub name: String,
    /// The parameter's values as text, in the order of the slider: `1`, `2`, `3`.
    pub values: Vec<String>,
}

/// A variant, and a combination of values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Selection {
    /// For each parameter, the index of its value.
    pub at: Vec<usize>,
    /// The name of the variant.
    pub variant: String,
}

/// One recorded run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// The name of the variant.
    pub variant: String,
    /// For each parameter, the index of its value, or `None` if the variant doesn't depend on it.
    pub at: Vec<Option<usize>>,
    /// When the last span ended, in milliseconds.
    #[serde(serialize_with = "short")]
    pub total_ms: f64,
    /// The largest number of spans in flight at the same time.
    pub most_in_flight: usize,
    /// The rows of the run's chart.
    pub rows: Vec<SweptRow>,
}

/// One row of a run's chart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SweptRow {
    /// The row's label.
    pub label: String,
    /// The start and end of each bar in turn, in milliseconds.
    #[serde(serialize_with = "all_short")]
    pub bars: Vec<f64>,
    /// The index and the end of each bar that didn't finish.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ends: Vec<(usize, End)>,
}

/// A number that is serialised without `.0` if it is whole. Sweeps contain thousands of them.
#[derive(Serialize)]
#[serde(untagged)]
enum Short {
    Whole(u64),
    Fractional(f64),
}

impl From<f64> for Short {
    fn from(ms: f64) -> Short {
        if ms == ms.trunc() && (0.0..1e15).contains(&ms) {
            Short::Whole(ms as u64)
        } else {
            Short::Fractional(ms)
        }
    }
}

fn short<S: Serializer>(ms: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    Short::from(*ms).serialize(serializer)
}

fn all_short<S: Serializer>(bars: &[f64], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(bars.iter().map(|ms| Short::from(*ms)))
}

impl Parameter {
    /// Creates a parameter from its name and its values, as the slider shows them.
    pub fn new(
        name: impl Into<String>,
        values: impl IntoIterator<Item = impl ToString>,
    ) -> Parameter {
        Parameter {
            name: name.into(),
            values: values.into_iter().map(|value| value.to_string()).collect(),
        }
    }
}

impl Run {
    /// Creates a run from a recording and its chart, whose rows of bars the run keeps.
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

    fn is_at(&self, combination: &[usize]) -> bool {
        let mut values = self.at.iter().zip(combination);
        self.at.len() == combination.len()
            && values.all(|(at, value)| at.is_none_or(|at| at == *value))
    }
}

impl Sweep {
    /// Checks that every variant has exactly one run for every combination of values, that no run is
    /// outside the combinations, and that every picture shows one of the runs.
    ///
    /// # Errors
    ///
    /// A sentence about the first run that is missing, duplicated or outside the combinations. A sweep
    /// without runs is an error too.
    pub fn check(&self) -> Result<(), String> {
        if self.runs.is_empty() {
            return Err("the sweep has no runs".to_owned());
        }
        let variants: BTreeSet<&str> = self.runs.iter().map(|run| run.variant.as_str()).collect();
        let combinations = self.combinations();
        for variant in &variants {
            for combination in &combinations {
                let matches = |run: &&Run| run.variant == *variant && run.is_at(combination);
                match self.runs.iter().filter(matches).count() {
                    1 => {}
                    count => return Err(format!("{variant} has {count} runs at {combination:?}")),
                }
            }
        }
        let known = |run: &Run| combinations.iter().any(|at| run.is_at(at));
        if let Some(Run { variant, at, .. }) = self.runs.iter().find(|run| !known(run)) {
            return Err(format!(
                "{variant} has a run at {at:?}, which the parameters don't allow"
            ));
        }
        for (name, Selection { at, variant }) in &self.pictures {
            if !combinations.contains(at) || !variants.contains(variant.as_str()) {
                return Err(format!(
                    "{name} shows {variant} at {at:?}, but there is no such run"
                ));
            }
        }
        Ok(())
    }

    /// Returns every combination of the parameters' values, as indices. The last parameter changes fastest.
    pub(crate) fn combinations(&self) -> Vec<Vec<usize>> {
        let mut combinations = vec![Vec::new()];
        for parameter in &self.parameters {
            let longer = combinations.iter().flat_map(|combination: &Vec<usize>| {
                (0..parameter.values.len()).map(|value| [&combination[..], &[value]].concat())
            });
            combinations = longer.collect();
        }
        combinations
    }

    /// Returns the sweep as JSON on one line, with a final newline.
    ///
    /// # Panics
    ///
    /// If [`Sweep::check`] fails.
    pub fn json(&self) -> String {
        if let Err(missing) = self.check() {
            panic!("{missing}");
        }
        serde_json::to_string(self).expect("a sweep is valid JSON") + "\n"
    }
}

/// Data without a picture.
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
    use diagram::{End, Snapshot};

    use super::{Parameter, Run, Selection, Sweep, SweptRow};

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
    fn a_run_may_cover_all_values_of_a_parameter() {
        let complete = sweep(vec![
            run("window", [Some(0)]),
            run("window", [Some(1)]),
            run("sequential", [None]),
        ]);
        assert_eq!(complete.check(), Ok(()));
    }

    #[test]
    fn a_missing_a_duplicated_and_a_misplaced_run_are_reported() {
        let missing = sweep(vec![run("window", [Some(0)])]);
        assert_eq!(missing.check(), Err("window has 0 runs at [1]".to_owned()));

        let duplicated = sweep(vec![run("window", [None]), run("window", [Some(1)])]);
        assert_eq!(
            duplicated.check(),
            Err("window has 2 runs at [1]".to_owned())
        );

        let misplaced = sweep(vec![run("window", [None]), run("window", [Some(2)])]);
        assert_eq!(
            misplaced.check(),
            Err("window has a run at [Some(2)], which the parameters don't allow".to_owned())
        );

        let empty = sweep(vec![]);
        assert_eq!(empty.check(), Err("the sweep has no runs".to_owned()));
    }

    #[test]
    fn a_picture_of_a_run_that_does_not_exist_is_reported() {
        let mut sweep = sweep(vec![run("window", [None])]);
        let selection = Selection {
            at: vec![2],
            variant: "window".to_owned(),
        };
        sweep.pictures.insert("batches".to_owned(), selection);
        assert_eq!(
            sweep.check(),
            Err("batches shows window at [2], but there is no such run".to_owned())
        );
    }

    #[test]
    fn a_picture_of_a_variant_that_does_not_exist_is_reported() {
        let mut sweep = sweep(vec![run("window", [None])]);
        let selection = Selection {
            at: vec![1],
            variant: "batches".to_owned(),
        };
        sweep.pictures.insert("batches".to_owned(), selection);
        assert_eq!(
            sweep.check(),
            Err("batches shows batches at [1], but there is no such run".to_owned())
        );
    }

    #[test]
    fn a_sweep_is_data_in_one_line_with_short_numbers() {
        let window = Run {
            total_ms: 200.0,
            most_in_flight: 3,
            rows: vec![SweptRow {
                label: "Item 1".to_owned(),
                bars: vec![0.0, 62.5, -1.0, 1e15],
                ends: vec![(1, End::CutOff)],
            }],
            ..run("window", [None])
        };
        let sweep = sweep(vec![window]);
        assert_eq!(
            sweep.json(),
            concat!(
                r#"{"parameters":[{"name":"limit","values":["1","2"]}],"runs":[{"variant":"window","at":[null],"#,
                r#""total_ms":200,"most_in_flight":3,"rows":[{"label":"Item 1","bars":[0,62.5,-1.0,1000000000000000.0],"#,
                r#""ends":[[1,"cut-off"]]}]}],"pictures":{}}"#,
                "\n"
            )
        );
        assert_eq!(sweep.text(), None);
        assert_eq!(sweep.data(), Some(sweep.json()));
        let read: Sweep = serde_json::from_str(&sweep.json()).unwrap();
        assert_eq!(read, sweep);
    }
}
