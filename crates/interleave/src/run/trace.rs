//! What is recorded of an execution, and its result.

use std::sync::Arc;
use std::sync::atomic::Ordering::{self, SeqCst};

use super::threads::Pending;
use crate::event::Event;
use crate::panics::Panic;
use crate::refused::Refused;

/// Why an execution was cut short.
#[derive(Clone, Debug)]
pub(crate) enum Ending {
    /// Every unfinished thread waits for another.
    Blocked(Vec<(u16, Pending)>),
    /// The chosen thread can't continue, and what follows is explored elsewhere.
    Pruned,
    /// The model did something that the explorer can't follow, or loom failed.
    Refused(Refused),
}

/// The result of one execution.
pub(crate) struct Trace {
    pub(crate) events: Vec<Event>,
    pub(crate) names: Vec<Arc<str>>,
    pub(crate) ending: Option<Ending>,
    pub(crate) panic: Option<(u16, Panic)>,
    pub(crate) gaps: Gaps,
    pub(crate) orderings: Orderings,
    pub(crate) candidates: Vec<Candidate>,
}

/// An operation that may be a spurious event, identified across executions: the thread, and a number counted
/// per thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Candidate {
    pub(crate) thread: u16,
    pub(crate) number: u16,
}

/// The orderings of the accesses to atomics, except accesses while `main` is alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Orderings {
    /// At least one access is `SeqCst`.
    pub(crate) seq_cst: bool,
    /// At least one access is weaker.
    pub(crate) weaker: bool,
}

impl Orderings {
    /// Whether the model has both `SeqCst` and weaker accesses.
    pub(crate) fn mixed(self) -> bool {
        self.seq_cst && self.weaker
    }
}

/// Why an exploration is not complete although no bound was set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Gaps {
    /// An atomic was read after more writes than loom remembers.
    pub(crate) history: bool,
    /// The handles of an `Arc` were counted while several existed.
    pub(crate) handles: bool,
}

/// The record of an execution in progress.
#[derive(Default)]
pub(super) struct Record {
    events: Vec<Event>,
    /// Counts all operations, including those after a panic, which aren't recorded.
    operations: usize,
    /// The first panic that left a thread. Recording stops there, but the other threads keep running: loom
    /// learns from their operations which orders matter.
    panic: Option<(u16, Panic)>,
    gaps: Gaps,
    orderings: Orderings,
    candidates: Vec<Candidate>,
}

impl Record {
    /// Adds an event, unless a thread has panicked. Returns the event's index.
    pub(super) fn push(&mut self, event: Event) -> usize {
        let index = self.events.len();
        if self.panic.is_none() {
            self.events.push(event);
        }
        self.operations += 1;
        index
    }

    pub(super) fn operations(&self) -> usize {
        self.operations
    }

    pub(super) fn panicked(&mut self, thread: u16, panic: Panic) {
        self.panic.get_or_insert((thread, panic));
    }

    pub(super) fn gaps(&mut self) -> &mut Gaps {
        &mut self.gaps
    }

    pub(super) fn candidate(&mut self, candidate: Candidate) {
        self.candidates.push(candidate);
    }

    pub(super) fn note_ordering(&mut self, order: Ordering) {
        self.orderings.seq_cst |= order == SeqCst;
        self.orderings.weaker |= order != SeqCst;
    }

    pub(super) fn into_trace(self, names: Vec<Arc<str>>, ending: Option<Ending>) -> Trace {
        Trace {
            events: self.events,
            names,
            ending,
            panic: self.panic,
            gaps: self.gaps,
            orderings: self.orderings,
            candidates: self.candidates,
        }
    }
}
