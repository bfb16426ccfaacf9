//! How an operation starts, and which object it belongs to.

use std::panic::Location;

use super::ends::{refuse, refuse_caught, unwind};
use super::state::{try_with, with};
use crate::event::{Object, Site};
use crate::panics;
use crate::refused::Reason;

/// How an operation may proceed.
pub(crate) enum Turn {
    /// As this thread.
    Go(u16),
    /// The thread is unwinding: call nothing of loom's, choose nothing, record nothing.
    Unwinding,
}

/// Starts an operation that belongs to no object.
///
/// # Panics
///
/// Outside a model.
#[track_caller]
pub(crate) fn turn() -> Turn {
    match try_with(|run| {
        (
            run.threads.current(),
            run.ending.is_some() || panics::loom_gave_up(),
        )
    }) {
        None => panic!(
            "interleave's primitives work only inside the closure that is passed to `interleave::explore`. \
             Create and use them there."
        ),
        Some(_) if std::thread::panicking() => Turn::Unwinding,
        Some((_, true)) => unwind(),
        Some((me, false)) => {
            refuse_caught(me);
            Turn::Go(me)
        }
    }
}

/// Identifies an object within one execution.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Identity {
    pub(crate) object: Object,
    execution: u64,
}

impl Identity {
    /// Creates the identity of an object that the running thread creates.
    ///
    /// # Panics
    ///
    /// Outside a model.
    #[track_caller]
    pub(crate) fn new() -> Identity {
        let _ = turn();
        with(|run| Identity {
            object: run.threads.create_object(),
            execution: run.execution,
        })
    }

    /// Starts an operation on the object at the caller's line.
    ///
    /// # Panics
    ///
    /// Outside a model.
    #[track_caller]
    pub(crate) fn turn(self) -> Turn {
        self.turn_at(Location::caller())
    }

    /// Starts an operation on the object at the given line.
    ///
    /// # Panics
    ///
    /// Outside a model.
    #[track_caller]
    pub(crate) fn turn_at(self, site: Site) -> Turn {
        let turn = turn();
        if with(|run| run.execution) != self.execution {
            refuse(
                Reason::KeptObject,
                "The model keeps an object from one execution to the next. Create the object inside the model.",
            );
        }
        if let Turn::Unwinding = turn {
            with(|run| {
                if !run.threads.solo() {
                    run.threads.note_unwound(site);
                }
            });
        }
        turn
    }
}
