//! All outcomes of a model, and how many executions have each.

use std::cmp::Reverse;
use std::fmt::Debug;

use crate::execution::End;
use crate::exploration::Failing;

/// An outcome in words, with the number of executions that pass or fail with it.
struct Row {
    passes: bool,
    words: String,
    executions: usize,
}

impl<T: Debug + Eq> Failing<T> {
    /// Returns a line for each outcome: its words, ✓ or × for executions that pass or fail, and their number. The
    /// passing ones come first, and of each kind the most frequent one. Outcomes with the same words share a line.
    /// `otherwise` is what the line says of executions that don't return: those that block or panic.
    ///
    /// ```
    /// # use interleave::{explore, sync::atomic::{AtomicUsize, Ordering::Relaxed}, sync::Arc, thread};
    /// let exploration = explore(|| {
    ///     let counter = Arc::new(AtomicUsize::new(0));
    ///     let add = |name: &str| {
    ///         let counter = counter.clone();
    ///         thread::named(name, move || counter.store(counter.load(Relaxed) + 1, Relaxed))
    ///     };
    ///     [add("1"), add("2")].map(|adder| adder.join().unwrap());
    ///     counter.load(Relaxed)
    /// });
    /// let lost = exploration.failing(|counter| *counter != 2);
    /// let outcomes = lost.outcomes(|counter| format!("counter = {counter}"), "a thread panics");
    /// assert_eq!(outcomes, "\
    /// counter = 2  ✓  in 2 of the executions
    /// counter = 1  ×  in 6 of the executions
    /// ");
    /// ```
    pub fn outcomes(&self, words: impl Fn(&T) -> String, otherwise: &str) -> String {
        let mut rows: Vec<Row> = Vec::new();
        for (index, execution) in self.exploration().executions().iter().enumerate() {
            let passes = !self.fails(index);
            let words = match execution.end() {
                End::Returned(outcome) => words(outcome),
                End::Blocked | End::Panicked(_) => otherwise.to_owned(),
            };
            let mut known = rows.iter_mut();
            match known.find(|row| row.passes == passes && row.words == words) {
                Some(row) => row.executions += 1,
                None => rows.push(Row {
                    passes,
                    words,
                    executions: 1,
                }),
            }
        }
        rows.sort_by_key(|row| (!row.passes, Reverse(row.executions)));
        let width = rows.iter().map(|row| row.words.chars().count());
        let width = width.max().unwrap_or(0);
        let line = |row: &Row| {
            let mark = if row.passes { '✓' } else { '×' };
            let Row {
                words, executions, ..
            } = row;
            format!("{words:<width$}  {mark}  in {executions} of the executions\n")
        };
        rows.iter().map(line).collect()
    }
}
