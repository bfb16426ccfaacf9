//! What an exploration found, and what may be concluded from it.

use std::fmt;
use std::panic::{self, Location};
use std::sync::Arc;

use diagram::{Lanes, Snapshot};

use crate::execution::{End, Execution};
use crate::recording::Recording;
use crate::run::{Gaps, Orderings};

/// Which orders were tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coverage {
    /// Every order.
    Complete,
    /// Every order with at most so many preemptions.
    Preemptions(u8),
    /// Those that loom's own reduction keeps; it misses some.
    Reduced,
}

type Words<T> = Arc<dyn Fn(&T) -> String + Send + Sync>;

/// Every distinct execution of a model that was found.
#[derive(Clone)]
pub struct Exploration<T> {
    executions: Vec<Execution<T>>,
    runs: u64,
    coverage: Coverage,
    gaps: Gaps,
    orderings: Orderings,
    result: Words<T>,
    expected: Option<String>,
}

impl<T: fmt::Debug + Eq> Exploration<T> {
    pub(crate) fn new(
        executions: Vec<Execution<T>>,
        runs: u64,
        coverage: Coverage,
        gaps: Gaps,
        orderings: Orderings,
    ) -> Exploration<T> {
        let result: Words<T> = Arc::new(|outcome| format!("{outcome:?}"));
        Exploration {
            executions,
            runs,
            coverage,
            gaps,
            orderings,
            result,
            expected: None,
        }
    }

    /// How pictures say an outcome, and what they say of one that fails: `counter = 1` and
    /// `should be 2`. Without this an outcome is said by its `Debug`.
    pub fn worded(
        mut self,
        result: impl Fn(&T) -> String + Send + Sync + 'static,
        expected: impl Into<String>,
    ) -> Exploration<T> {
        self.result = Arc::new(result);
        self.expected = Some(expected.into());
        self
    }

    /// The distinct executions, in the order in which they were found.
    pub fn executions(&self) -> &[Execution<T>] {
        &self.executions
    }

    /// How often the model ran; more often than there are distinct executions.
    pub fn runs(&self) -> u64 {
        self.runs
    }

    /// Which orders were tried.
    pub fn coverage(&self) -> Coverage {
        self.coverage
    }

    /// Whether every order of the recorded operations was tried.
    pub fn is_complete(&self) -> bool {
        self.coverage == Coverage::Complete && self.gaps == Gaps::default()
    }

    /// Each way to end with the number of distinct executions that end so, the most frequent first.
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

    /// The executions that fail: whose outcome the predicate picks, that block, or that panic.
    ///
    /// # Panics
    ///
    /// If none fails: then there is no race here to show. The words say how many were explored.
    #[track_caller]
    pub fn failing(self, fails: impl Fn(&T) -> bool) -> Failing<T> {
        let failing = self.places(|execution| execution.outcome().is_none_or(&fails));
        if failing.is_empty() {
            fail(&format!(
                "expected a race and found none. {}",
                self.explored(0)
            ));
        }
        Failing {
            exploration: self,
            failing,
        }
    }

    /// The executions that end with a thread that waits forever.
    ///
    /// # Panics
    ///
    /// If there is none.
    #[track_caller]
    pub fn blocking(self) -> Failing<T> {
        let failing = self.places(|execution| *execution.end() == End::Blocked);
        if failing.is_empty() {
            fail(&format!(
                "expected a deadlock and found none. {}",
                self.explored(0)
            ));
        }
        Failing {
            exploration: self,
            failing,
        }
    }

    /// Concludes that the model is right: each outcome is one that the predicate accepts.
    ///
    /// # Panics
    ///
    /// With the picture of the simplest failing execution, and no backtrace, if one fails: by its
    /// outcome, blocked, or by a panic. And if nothing can be concluded: fewer than two distinct
    /// executions were found, or the exploration is neither complete nor bounded by what was asked for.
    #[track_caller]
    pub fn always(self, holds: impl Fn(&T) -> bool) -> Passing<T> {
        let failing = self.places(|execution| !execution.outcome().is_some_and(&holds));
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
                "only one distinct execution was found, and one order shows nothing: give the \
                 model's threads operations that can meet",
            );
        }
        if self.coverage == Coverage::Complete && !self.is_complete() {
            fail(&format!(
                "nothing failed, but not every order was tried: {}. State a bound with \
                 `Explorer::preemptions`, or mend the model",
                self.gaps_in_words()
            ));
        }
        Passing { exploration: self }
    }

    fn places(&self, picks: impl Fn(&Execution<T>) -> bool) -> Vec<usize> {
        (0..self.executions.len())
            .filter(|&place| picks(&self.executions[place]))
            .collect()
    }

    /// One line: how many executions, how many of them fail, and which orders were tried.
    fn explored(&self, failing: usize) -> String {
        let executions = match self.executions.len() {
            1 => "1 execution".to_owned(),
            count => format!("{} executions", thousands(count)),
        };
        let failing = match failing {
            0 => "none fails".to_owned(),
            1 => "1 fails".to_owned(),
            count => format!("{} fail", thousands(count)),
        };
        format!(
            "Explored: {executions}, {failing} ({})",
            self.coverage_in_words()
        )
    }

    pub(crate) fn coverage_in_words(&self) -> String {
        let orders = match self.coverage {
            Coverage::Complete => self.gaps_in_words().to_owned(),
            Coverage::Preemptions(1) => "at most 1 preemption, not every order".to_owned(),
            Coverage::Preemptions(bound) => {
                format!("at most {bound} preemptions, not every order")
            }
            Coverage::Reduced => "loom's reduction, not every order".to_owned(),
        };
        match self.orderings.mixed() {
            true => orders + "; SeqCst as acquire and release",
            false => orders,
        }
    }

    fn gaps_in_words(&self) -> &'static str {
        match self.gaps {
            Gaps { history: true, .. } => "an atomic has more writes than loom remembers",
            Gaps { handles: true, .. } => "an Arc's handles are counted while they are shared",
            Gaps { .. } => "every order",
        }
    }

    pub(crate) fn said(&self, execution: &Execution<T>) -> String {
        match execution.end() {
            End::Returned(outcome) => (self.result)(outcome),
            End::Blocked => execution.waiting(),
            End::Panicked(_) => execution.panicked(),
        }
    }

    fn simplest_of(&self, places: impl Iterator<Item = usize>) -> &Execution<T> {
        let place = places
            .min_by_key(|&place| self.executions[place].simplicity())
            .expect("at least one execution");
        &self.executions[place]
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
    /// How many distinct executions fail.
    pub fn count(&self) -> usize {
        self.failing.len()
    }

    /// All that was found.
    pub fn exploration(&self) -> &Exploration<T> {
        &self.exploration
    }

    /// The failing executions.
    pub fn executions(&self) -> impl ExactSizeIterator<Item = &Execution<T>> {
        self.failing
            .iter()
            .map(|&place| &self.exploration.executions[place])
    }

    /// The simplest failing execution: no stale read where one without fails too, then the fewest
    /// switches between threads, then the fewest steps.
    pub fn simplest(&self) -> Shown<'_, T> {
        Shown {
            exploration: &self.exploration,
            execution: self.exploration.simplest_of(self.failing.iter().copied()),
            failing: &self.failing,
            fails: true,
        }
    }

    /// All executions as data, with the picture of the simplest failing one.
    pub fn recording(&self) -> Recording {
        self.simplest().recording()
    }
}

/// An exploration in which no execution fails, and from which that may be concluded.
#[derive(Clone, Debug)]
pub struct Passing<T> {
    exploration: Exploration<T>,
}

impl<T: fmt::Debug + Eq> Passing<T> {
    /// How many distinct executions were found.
    pub fn count(&self) -> usize {
        self.exploration.executions.len()
    }

    /// All that was found.
    pub fn exploration(&self) -> &Exploration<T> {
        &self.exploration
    }

    /// The simplest execution.
    pub fn simplest(&self) -> Shown<'_, T> {
        self.simplest_where(|_| true)
    }

    /// The simplest of the executions whose outcome the predicate picks: where the simplest of all shows
    /// nothing, as when the reader comes first.
    ///
    /// # Panics
    ///
    /// If it picks none.
    pub fn simplest_where(&self, picks: impl Fn(&T) -> bool) -> Shown<'_, T> {
        self.simplest_such_that(|execution| execution.outcome().is_some_and(&picks))
    }

    /// The simplest of the executions that the predicate picks: where all outcomes are the same and one
    /// execution shows more than the simplest, such as the one in which a thread waits.
    ///
    /// # Panics
    ///
    /// If it picks none.
    pub fn simplest_such_that(&self, picks: impl Fn(&Execution<T>) -> bool) -> Shown<'_, T> {
        let picked = self.exploration.places(picks);
        Shown {
            exploration: &self.exploration,
            execution: self.exploration.simplest_of(picked.into_iter()),
            failing: &[],
            fails: false,
        }
    }

    /// All executions as data, with the picture of the simplest one.
    pub fn recording(&self) -> Recording {
        self.simplest().recording()
    }
}

/// One execution of an exploration, to be drawn: its `Display` is the picture at 80 columns.
///
/// A call is named as the source names it where it is made, so one object can have two names. Where a
/// lane is too narrow for a call, the orderings are left out of all of them.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a, T> {
    exploration: &'a Exploration<T>,
    execution: &'a Execution<T>,
    failing: &'a [usize],
    fails: bool,
}

impl<'a, T: fmt::Debug + Eq> Shown<'a, T> {
    /// The execution itself.
    pub fn execution(&self) -> &'a Execution<T> {
        self.execution
    }

    /// The picture, as data: a lane for each thread that met another, and below what came out and how
    /// much was explored.
    pub fn lanes(&self) -> Lanes {
        let verdict = match self.execution.end() {
            End::Returned(_) if self.fails => self.exploration.expected.clone(),
            _ => None,
        };
        let mut lanes = self
            .execution
            .lanes(self.exploration.said(self.execution), verdict);
        let explored = self.exploration.explored(self.failing.len());
        lanes.notes.push(explored);
        lanes
    }

    /// All executions of the exploration as data, with the picture of this one.
    pub fn recording(&self) -> Recording {
        let mut executions = self.exploration.executions().iter();
        let shown = executions.position(|execution| std::ptr::eq(execution, self.execution));
        let shown = shown.expect("what is shown was explored");
        Recording::new(self.exploration, self.failing, shown, self.lanes())
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

/// Fails with words alone: no message of the panic's own, and no backtrace whatever the environment
/// says.
#[track_caller]
pub(crate) fn fail(words: &str) -> ! {
    let words = format!("{}:\n{words}", Location::caller());
    eprintln!("\n{words}");
    panic::resume_unwind(Box::new(words))
}

/// 12345 as 12,345.
fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut words = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            words.push(',');
        }
        words.push(digit);
    }
    words
}
