//! All outcomes of a model, and how many executions have each.

use std::collections::BTreeMap;

use interleave::{End, Exploration};

/// Returns a line for each outcome, in the words of `told`.
pub(crate) fn outcomes<T>(exploration: &Exploration<T>, told: fn(&T) -> String) -> String
where
    T: Eq + std::hash::Hash + std::fmt::Debug + Send + 'static,
{
    let mut lines: BTreeMap<String, usize> = BTreeMap::new();
    for (end, count) in exploration.ends() {
        let words = match end {
            End::Returned(outcome) => told(outcome),
            _ => "waits forever, or panics".to_owned(),
        };
        *lines.entry(words).or_default() += count;
    }
    let width = lines.keys().map(|words| words.chars().count()).max();
    let width = width.unwrap_or(0);
    let line = |(words, count)| format!("{words:<width$}  in {count} of the executions\n");
    lines.into_iter().map(line).collect()
}
