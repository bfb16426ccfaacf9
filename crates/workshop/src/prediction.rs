//! Compares a list of predicted outcomes with those that are possible.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::hash::Hash;

use diagram::Lanes;
use interleave::{Call, Explorer};

use crate::deliver::deliver;
use crate::race::refused;
use crate::verdict::{Means, Picture, Verdict};

/// Grades a list. `never` explains why an outcome is impossible. A missing outcome isn't given away: the learner sees
/// an execution that has it, without its values.
pub(crate) fn predicted<T: Clone + Debug + Ord + Hash + Send + 'static>(
    model: fn() -> T,
    answer: fn() -> Vec<T>,
    never: fn(&T) -> String,
) -> Verdict {
    deliver(Means::Predicted, move || {
        let explored = Explorer::new().try_explore(model).map_err(refused)?;
        let ends = explored.executions().iter();
        let possible: BTreeSet<T> = ends.filter_map(|end| end.outcome().cloned()).collect();
        let answer = BTreeSet::from_iter(answer());
        if let Some(wrong) = answer.difference(&possible).next() {
            let sentence = format!(
                "Your list has {wrong:?}, but no execution ends that way: {}",
                never(wrong)
            );
            return Err(Verdict::wrong(Picture::None, sentence));
        }
        let missing: BTreeSet<T> = possible.difference(&answer).cloned().collect();
        let all = possible.len();
        if missing.is_empty() {
            return Ok(format!("✓ These are all {all} outcomes, and no others."));
        }
        let failing = explored.failing(|outcome| missing.contains(outcome));
        let shown = failing.simplest();
        let sentence = match (missing.len(), shown.execution().stale_reads()) {
            (1, 0) => "One outcome is missing. This execution has it: work out what it returns.",
            (_, 0) => {
                "More than one outcome is missing. This execution has one of them: work out what it returns."
            }
            (1, _) => {
                "One outcome is missing, and no order of the steps explains it. A read is stale here: it returns a \
                 value that has already been overwritten. Work out what the execution returns."
            }
            (_, _) => {
                "More than one outcome is missing. A read is stale here: it returns a value that has already been \
                 overwritten. Work out what the execution returns."
            }
        };
        let calls = shown.execution().calls();
        let lanes = without_values(shown.lanes(), &calls);
        let picture = Picture::Execution(Box::new((lanes, calls)));
        Err(Verdict::wrong(picture, sentence))
    })
}

/// Removes everything from the picture that gives the outcome away.
fn without_values(mut lanes: Lanes, calls: &[Call]) -> Lanes {
    for (step, call) in lanes.steps.iter_mut().zip(calls) {
        if let Some(object) = call.object.as_ref().filter(|_| !call.orderings.is_empty()) {
            step.text = format!("{object}.{}(…)", call.method);
        }
        step.short = None;
        step.value = step.value.take().map(|_| "?".to_owned());
    }
    lanes.result = Some("?".to_owned());
    lanes.verdict = Some("not in your list".to_owned());
    lanes.notes.clear();
    lanes
}
