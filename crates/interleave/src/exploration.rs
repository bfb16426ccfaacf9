//! The result of an exploration, and the conclusions that it allows.

use std::fmt;
use std::panic::{self, Location};
use std::sync::Arc;

use diagram::{Lanes, Snapshot};

use crate::execution::{End, Execution};
use crate::recording::Recording;
use crate::run::{Gaps, Orderings};

/// Which orders were explored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coverage {
    /// Every order.
    Complete,
    /// Every order with at most this number of preemptions.
    Preemptions(u8),
    /// The orders that loom's own reduction keeps, which misses some.
    Reduced,
}

type Describe<T> = Arc<dyn Fn(&T) -> String + Send + Sync>;

/// All distinct executions of a model that an exploration found.
#[derive(Clone)]
pub struct Exploration<T> {
    executions: Vec<Execution<T>>,
    runs: u64,
    coverage: Coverage,
    spurious: u8,
    gaps: Gaps,
    orderings: Orderings,
    result: Describe<T>,
    expected: Option<String>,
}

impl<T: fmt::Debug + Eq> Exploration<T> {
    pub(crate) fn new(
        executions: Vec<Execution<T>>,
        runs: u64,
        coverage: Coverage,
        spurious: u8,
        gaps: Gaps,
        orderings: Orderings,
    ) -> Exploration<T> {
        let result: Describe<T> = Arc::new(|outcome| format!("{outcome:?}"));
        Exploration {
            executions,
            runs,
            coverage,
            spurious,
            gaps,
            orderings,
            result,
            expected: None,
        }
    }

    /// Sets the text that pictures show for an outcome, such as `counter = 1`, and the text that they add
    /// to a failing one, such as `should be 2`. By default, an outcome is shown by its `Debug`, without an
    /// addition.
    pub fn worded(
        mut self,
        result: impl Fn(&T) -> String + Send + Sync + 'static,
        expected: impl Into<String>,
    ) -> Exploration<T> {
        self.result = Arc::new(result);
        self.expected = Some(expected.into());
        self
    }

    /// Returns the distinct executions, in the order in which they were found.
    pub fn executions(&self) -> &[Execution<T>] {
        &self.executions
    }

    /// Returns how often the model ran. Several runs may be the same execution.
    pub fn runs(&self) -> u64 {
        self.runs
    }

    /// Returns which orders were explored.
    pub fn coverage(&self) -> Coverage {
        self.coverage
    }

    /// Returns the bound on spurious events in an execution: 0 unless
    /// [`Explorer::spurious`](crate::Explorer::spurious) set one.
    pub fn spurious(&self) -> u8 {
        self.spurious
    }

    /// Whether every order of the recorded operations was explored. If a bound on spurious events was set: every
    /// order with at most that number of them.
    pub fn is_complete(&self) -> bool {
        self.coverage == Coverage::Complete && self.gaps == Gaps::default()
    }

    /// Returns each distinct end with the number of distinct executions that end that way, the most
    /// frequent end first.
    pub fn ends(&self) -> Vec<(&End<T>, usize)> {
        let mut ends: Vec<(&End<T>, usize)> = Vec::new();
        for execution in &self.executions {
            match ends.iter_mut().find(|(end, _)| *end == execution.end()) {
                Some((_, count)) => *count += 1,
                None => ends.push((execution.end(), 1)),
            }
        }
        ends.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        ends
    }

    /// Returns the executions that fail: those whose outcome matches the predicate, and those that block or
    /// panic.
    ///
    /// # Panics
    ///
    /// If no execution fails. The message says how many were explored. There is no backtrace.
    #[track_caller]
    pub fn failing(self, fails: impl Fn(&T) -> bool) -> Failing<T> {
        let failing = self.indices(|execution| execution.outcome().is_none_or(&fails));
        if failing.is_empty() {
            fail(&format!(
                "Expected a failing execution, but found none among {} ({}). Either the race is fixed, or the \
                 model doesn't reach it.",
                self.count_text(),
                self.coverage_text()
            ));
        }
        Failing {
            exploration: self,
            failing,
        }
    }

    /// Returns the executions in which a thread waits forever.
    ///
    /// # Panics
    ///
    /// If no execution blocks. The message says how many were explored. There is no backtrace.
    #[track_caller]
    pub fn blocking(self) -> Failing<T> {
        let failing = self.indices(|execution| *execution.end() == End::Blocked);
        if failing.is_empty() {
            fail(&format!(
                "Expected an execution that blocks, but found none among {} ({}). Either the deadlock is \
                 fixed, or the model doesn't reach it.",
                self.count_text(),
                self.coverage_text()
            ));
        }
        Failing {
            exploration: self,
            failing,
        }
    }

    /// Asserts that every execution returns and that its outcome satisfies the predicate.
    ///
    /// # Panics
    ///
    /// If an execution blocks, panics or has another outcome. The message is the picture of the simplest
    /// one, without a backtrace.
    ///
    /// Also panics if the exploration proves nothing: if it found fewer than two distinct executions, or if
    /// it is incomplete although no bound was set.
    #[track_caller]
    pub fn always(self, holds: impl Fn(&T) -> bool) -> Passing<T> {
        let failing = self.indices(|execution| !execution.outcome().is_some_and(&holds));
        if !failing.is_empty() {
            fail(
                &Failing {
                    exploration: self,
                    failing,
                }
                .simplest()
                .to_string(),
            );
        }
        if self.executions.len() < 2 {
            fail(
                "The model has only one distinct execution, which shows nothing about other orders. Give its \
                 threads operations whose order makes a difference.",
            );
        }
        if self.coverage == Coverage::Complete && !self.is_complete() {
            fail(&format!(
                "No execution fails, but not every order was explored: {}. Change the model, or accept the \
                 gap by setting a bound with `Explorer::preemptions`.",
                self.gaps_text().join(" and ")
            ));
        }
        Passing { exploration: self }
    }

    fn indices(&self, matches: impl Fn(&Execution<T>) -> bool) -> Vec<usize> {
        (0..self.executions.len())
            .filter(|&index| matches(&self.executions[index]))
            .collect()
    }

    fn count_text(&self) -> String {
        match self.executions.len() {
            1 => "1 execution".to_owned(),
            count => format!("{} executions", thousands(count)),
        }
    }

    /// Formats the last line of a picture: `Explored: 8 executions, 6 fail (every order)`.
    fn explored(&self, failing: usize) -> String {
        let executions = self.count_text();
        let failing = match failing {
            0 => "none fails".to_owned(),
            1 => "1 fails".to_owned(),
            count => format!("{} fail", thousands(count)),
        };
        format!(
            "Explored: {executions}, {failing} ({})",
            self.coverage_text()
        )
    }

    /// Formats which orders were explored, and every reason why that is less than all executions.
    fn coverage_text(&self) -> String {
        let gaps = self.gaps_text();
        let orders = match self.coverage {
            Coverage::Complete if gaps.is_empty() => "every order".to_owned(),
            Coverage::Complete => "not every order".to_owned(),
            Coverage::Preemptions(1) => "at most 1 preemption, not every order".to_owned(),
            Coverage::Preemptions(bound) => {
                format!("at most {bound} preemptions, not every order")
            }
            Coverage::Reduced => "loom's reduction, not every order".to_owned(),
        };
        let spurious = match self.spurious {
            0 => String::new(),
            1 => " with at most 1 spurious event".to_owned(),
            bound => format!(" with at most {bound} spurious events"),
        };
        let orders = orders + &spurious;
        let seq_cst = self
            .orderings
            .mixed()
            .then_some("SeqCst as acquire and release");
        let parts = [orders.as_str()].into_iter().chain(gaps).chain(seq_cst);
        parts.collect::<Vec<_>>().join("; ")
    }

    fn gaps_text(&self) -> Vec<&'static str> {
        let Gaps { history, handles } = self.gaps;
        let history = history.then_some("an atomic has more writes than loom remembers");
        let handles =
            handles.then_some("the handles of an `Arc` are counted while threads share it");
        history.into_iter().chain(handles).collect()
    }

    fn result_text(&self, execution: &Execution<T>) -> String {
        match execution.end() {
            End::Returned(outcome) => (self.result)(outcome),
            End::Blocked => execution.waiting(),
            End::Panicked(_) => execution.panicked(),
        }
    }

    /// Returns the simplest of some executions that matches the predicate. `what` says which, for the message
    /// if none does.
    #[track_caller]
    fn simplest_of(
        &self,
        indices: impl Iterator<Item = usize>,
        what: &str,
        matches: impl Fn(&Execution<T>) -> bool,
    ) -> &Execution<T> {
        let executions = indices.map(|index| &self.executions[index]);
        let matching = executions.filter(|execution| matches(execution));
        matching
            .min_by_key(|execution| execution.simplicity())
            .unwrap_or_else(|| {
                fail(&format!(
                    "Expected {what} that matches the predicate, but found none among {}.",
                    self.count_text()
                ))
            })
    }
}

impl<T: fmt::Debug> fmt::Debug for Exploration<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exploration")
            .field("executions", &self.executions.len())
            .field("runs", &self.runs)
            .field("coverage", &self.coverage)
            .finish_non_exhaustive()
    }
}

/// An exploration in which at least one execution fails.
#[derive(Clone, Debug)]
pub struct Failing<T> {
    exploration: Exploration<T>,
    failing: Vec<usize>,
}

impl<T: fmt::Debug + Eq> Failing<T> {
    /// Returns the number of distinct executions that fail.
    pub fn count(&self) -> usize {
        self.failing.len()
    }

    /// Returns the exploration.
    pub fn exploration(&self) -> &Exploration<T> {
        &self.exploration
    }

    /// Whether the execution with this index fails.
    pub(crate) fn fails(&self, index: usize) -> bool {
        self.failing.binary_search(&index).is_ok()
    }

    /// Returns the failing executions.
    pub fn executions(&self) -> impl ExactSizeIterator<Item = &Execution<T>> {
        self.failing
            .iter()
            .map(|&index| &self.exploration.executions[index])
    }

    /// Returns the simplest failing execution: without a stale read if there is one, then with the fewest
    /// spurious events, then with the fewest switches between threads, then with the fewest steps.
    pub fn simplest(&self) -> Shown<'_, T> {
        self.simplest_such_that(|_| true)
    }

    /// Returns the simplest failing execution that matches the predicate. Useful if executions fail in
    /// more than one way.
    ///
    /// # Panics
    ///
    /// If no failing execution matches.
    #[track_caller]
    pub fn simplest_such_that(&self, matches: impl Fn(&Execution<T>) -> bool) -> Shown<'_, T> {
        let failing = self.failing.iter().copied();
        Shown {
            exploration: &self.exploration,
            execution: self
                .exploration
                .simplest_of(failing, "a failing execution", matches),
            failing: &self.failing,
            fails: true,
        }
    }

    /// Returns all executions as data, with the picture of the simplest failing one.
    pub fn recording(&self) -> Recording {
        self.simplest().recording()
    }
}

/// An exploration in which no execution fails, and which is enough to conclude that.
#[derive(Clone, Debug)]
pub struct Passing<T> {
    exploration: Exploration<T>,
}

impl<T: fmt::Debug + Eq> Passing<T> {
    /// Returns the number of distinct executions.
    pub fn count(&self) -> usize {
        self.exploration.executions.len()
    }

    /// Returns the exploration.
    pub fn exploration(&self) -> &Exploration<T> {
        &self.exploration
    }

    /// Returns the simplest execution.
    pub fn simplest(&self) -> Shown<'_, T> {
        self.simplest_where(|_| true)
    }

    /// Returns the simplest execution whose outcome matches the predicate. Useful if the simplest of all
    /// shows nothing, for example because the reader runs before the writer.
    ///
    /// # Panics
    ///
    /// If no outcome matches.
    #[track_caller]
    pub fn simplest_where(&self, matches: impl Fn(&T) -> bool) -> Shown<'_, T> {
        self.simplest_such_that(|execution| execution.outcome().is_some_and(&matches))
    }

    /// Returns the simplest execution that matches the predicate. Useful if all outcomes are the same, for
    /// example to show an execution in which a thread waits.
    ///
    /// # Panics
    ///
    /// If no execution matches.
    #[track_caller]
    pub fn simplest_such_that(&self, matches: impl Fn(&Execution<T>) -> bool) -> Shown<'_, T> {
        let all = 0..self.exploration.executions.len();
        Shown {
            exploration: &self.exploration,
            execution: self.exploration.simplest_of(all, "an execution", matches),
            failing: &[],
            fails: false,
        }
    }

    /// Returns all executions as data, with the picture of the simplest one.
    pub fn recording(&self) -> Recording {
        self.simplest().recording()
    }
}

/// One execution of an exploration, ready to be drawn. Its `Display` is the picture at 80 columns.
///
/// The picture names an object as the source does at each call, so one object can have two names. If a lane
/// is too narrow for a call, the picture leaves the orderings out of all calls.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a, T> {
    exploration: &'a Exploration<T>,
    execution: &'a Execution<T>,
    failing: &'a [usize],
    fails: bool,
}

impl<'a, T: fmt::Debug + Eq> Shown<'a, T> {
    /// Returns the execution.
    pub fn execution(&self) -> &'a Execution<T> {
        self.execution
    }

    /// Returns the picture as data: a lane for each thread that appears in it, then the outcome and what was
    /// explored.
    pub fn lanes(&self) -> Lanes {
        let verdict = match self.execution.end() {
            End::Returned(_) if self.fails => self.exploration.expected.clone(),
            _ => None,
        };
        let mut lanes = self
            .execution
            .lanes(self.exploration.result_text(self.execution), verdict);
        let explored = self.exploration.explored(self.failing.len());
        lanes.notes.push(explored);
        lanes
    }

    /// Returns all executions of the exploration as data, with the picture of this one.
    pub fn recording(&self) -> Recording {
        let exploration = self.exploration;
        let mut executions = exploration.executions.iter();
        let shown = executions.position(|execution| std::ptr::eq(execution, self.execution));
        let shown = shown.expect("the execution belongs to its exploration");
        let executions = exploration.executions.iter().enumerate();
        let executions = executions.map(|(index, execution)| {
            let fails = self.failing.binary_search(&index).is_ok();
            (execution, exploration.result_text(execution), fails)
        });
        Recording::new(
            executions,
            exploration.coverage_text(),
            exploration.is_complete(),
            shown,
            self.lanes(),
        )
    }
}

/// The picture, and [`Shown::recording`] as its data.
impl<T: fmt::Debug + Eq> Snapshot for Shown<'_, T> {
    fn text(&self) -> Option<String> {
        Some(self.to_string())
    }

    fn data(&self) -> Option<String> {
        Some(serde_json::to_string(&self.recording()).expect("a recording is valid JSON"))
    }
}

impl<T: fmt::Debug + Eq> fmt::Display for Shown<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lanes().fmt(f)
    }
}

/// Panics with the message alone. Prints no backtrace, whatever `RUST_BACKTRACE` says.
#[track_caller]
pub(crate) fn fail(message: &str) -> ! {
    let message = format!("{}:\n{message}", Location::caller());
    eprintln!("\n{message}");
    panic::resume_unwind(Box::new(message))
}

/// Formats 12345 as `12,345`.
fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::thousands;

    #[test]
    fn numbers_have_separators() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (12_345, "12,345"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(thousands(number), text);
        }
    }
}
