//! Why a model can't be explored.

use std::fmt;

/// Why a model can't be explored. The `Display` text says what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    reason: Reason,
    message: String,
}

/// The kinds of [`Refused`], for code that reacts to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// The model has only one thread.
    OneThread,
    /// Threads that can run at the same time have no object in common.
    NothingShared,
    /// No operation finished within [`Explorer::patience`](crate::Explorer::patience).
    Stuck,
    /// An execution has more operations than
    /// [`Explorer::max_operations`](crate::Explorer::max_operations) allows.
    TooManyOperations,
    /// An execution needs more choices than loom can store.
    TooManyBranches,
    /// The model spawns more threads than loom allows.
    TooManyThreads,
    /// An object reached a thread without anything that orders its use after its creation.
    UnorderedUse,
    /// An object from an earlier execution is used in a later one.
    KeptObject,
    /// The model did something else when it ran again in the same order.
    NotDeterministic,
    /// A thread had to wait for a lock while a panic unwound it.
    LockWhileUnwinding,
    /// The model caught a panic after an operation that ran while the panic unwound the thread.
    CaughtPanic,
    /// A panic outside the model's threads, for example when two outcomes were compared.
    OutsidePanic,
    /// Loom or the explorer failed.
    Internal,
}

impl Refused {
    pub(crate) fn new(reason: Reason, message: impl Into<String>) -> Refused {
        Refused {
            reason,
            message: message.into(),
        }
    }

    /// Returns the kind of the refusal.
    pub fn reason(&self) -> Reason {
        self.reason
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Refused {}
