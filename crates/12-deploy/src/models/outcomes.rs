//! All outcomes of a model, and how many executions have each.

use std::cmp::Reverse;
use std::fmt::Debug;

use interleave::{End, Exploration};

/// A line for each outcome in words, with the number of executions that end with it. The passing ones come first.
pub(crate) fn outcomes<T: Debug + Eq>(
    exploration: &Exploration<T>,
    words: impl Fn(&T) -> String,
    passes: impl Fn(&T) -> bool,
) -> String {
    let mut rows: Vec<(bool, String, usize)> = Vec::new();
    for (end, count) in exploration.ends() {
        let (passes, words) = match end {
            End::Returned(outcome) => (passes(outcome), words(outcome)),
            _ => (false, "a worker waits forever".to_owned()),
        };
        match rows.iter_mut().find(|row| row.1 == words) {
            Some(row) => row.2 += count,
            None => rows.push((passes, words, count)),
        }
    }
    rows.sort_by_key(|(passes, _, count)| (!passes, Reverse(*count)));
    let width = rows
        .iter()
        .map(|row| row.1.chars().count())
        .max()
        .unwrap_or(0);
    let line = |(passes, words, count): &(bool, String, usize)| {
        let mark = if *passes { '✓' } else { '×' };
        format!("{words:<width$}  {mark}  in {count} of the executions\n")
    };
    rows.iter().map(line).collect()
}
