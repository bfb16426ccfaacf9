//! Records runs: one, or one for every combination of a sweep's parameters.

use std::collections::BTreeSet;

use diagram::Gantt;

use crate::{Parameter, Recording, Run, Selection, Sweep, Timeline};

/// Runs `run` with a timeline that starts now, and returns the recording once `run` returns. A span that is still
/// running at that moment is recorded as unfinished.
///
/// The run returns nothing, so a test checks the results inside it: a picture of a run with wrong results is then never
/// drawn.
pub async fn record(run: impl AsyncFnOnce(Timeline)) -> Recording {
    let timeline = Timeline::start();
    run(timeline.clone()).await;
    timeline.record()
}

impl Sweep {
    /// Creates a sweep over all combinations of the parameters' values, without runs.
    pub fn over(parameters: impl Into<Vec<Parameter>>) -> Sweep {
        Sweep {
            parameters: parameters.into(),
            ..Sweep::default()
        }
    }

    /// Records one run of `variant` for every combination of the parameters' values. `run` gets the index of each
    /// parameter's value. `chart` turns a recording into the chart whose rows the page shows: [`Recording::gantt`], or a
    /// function that rearranges its rows.
    ///
    /// If all values of a parameter give the same runs, the variant doesn't depend on that parameter, and the sweep keeps
    /// one run in place of one for each value.
    ///
    /// # Panics
    ///
    /// If the sweep doesn't have exactly `N` parameters.
    pub async fn record<const N: usize>(
        &mut self,
        variant: &str,
        run: impl AsyncFn([usize; N], Timeline),
        chart: impl Fn(&Recording) -> Gantt,
    ) {
        assert_eq!(N, self.parameters.len(), "an index for each parameter");
        let mut runs = Vec::new();
        for at in self.combinations() {
            let indices: [usize; N] = at[..].try_into().expect("N indices, as checked above");
            let recording = record(async |timeline| run(indices, timeline).await).await;
            let at: Vec<_> = at.into_iter().map(Some).collect();
            runs.push(Run::new(variant, at, &recording, chart(&recording)));
        }
        for parameter in 0..N {
            if let Some(fewer) = without(parameter, &runs) {
                runs = fewer;
            }
        }
        self.runs.extend(runs);
    }

    /// Says that the picture `name` shows the run of `variant` in which each parameter has the value at its index in
    /// `at`. The slider of that picture starts there.
    pub fn show(&mut self, name: &str, variant: &str, at: impl Into<Vec<usize>>) {
        let selection = Selection {
            at: at.into(),
            variant: variant.to_owned(),
        };
        self.pictures.insert(name.to_owned(), selection);
    }
}

/// Returns one run for all values of the parameter, or `None` if the runs depend on it or it has only one value.
fn without(parameter: usize, runs: &[Run]) -> Option<Vec<Run>> {
    let values: BTreeSet<_> = runs.iter().map(|run| run.at[parameter]).collect();
    let mut fewer: Vec<Run> = Vec::new();
    for run in runs {
        let mut run = run.clone();
        run.at[parameter] = None;
        match fewer.iter().find(|known| known.at == run.at) {
            Some(known) if *known == run => {}
            Some(_) => return None,
            None => fewer.push(run),
        }
    }
    (values.len() > 1).then_some(fewer)
}
