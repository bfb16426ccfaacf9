//! The record of one operation.

use std::fmt;
use std::panic::Location;
use std::sync::atomic::Ordering;

/// The source line of an operation.
pub(crate) type Site = &'static Location<'static>;

/// The value of an atomic, or of the number or truth value that a mutex guards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    Unsigned(u64),
    Signed(i64),
    Bool(bool),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Unsigned(value) => value.fmt(f),
            Value::Signed(value) => value.fmt(f),
            Value::Bool(value) => value.fmt(f),
        }
    }
}

/// Identifies an object across executions: the thread that created it, and a number counted per thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Object {
    pub(crate) creator: u16,
    pub(crate) number: u16,
}

/// How a lock is acquired.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Mode {
    Lock,
    Read,
    Write,
}

impl Mode {
    /// Returns the name of the method that acquires a lock in this mode.
    pub(crate) fn method(self) -> &'static str {
        match self {
            Mode::Lock => "lock",
            Mode::Read => "read",
            Mode::Write => "write",
        }
    }

    /// Returns the name of the method that acquires a lock in this mode if it needn't wait.
    pub(crate) fn try_method(self) -> &'static str {
        match self {
            Mode::Lock => "try_lock",
            Mode::Read => "try_read",
            Mode::Write => "try_write",
        }
    }
}

/// What an operation did, including the values that it read and wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Action {
    Load {
        order: Ordering,
        value: Value,
    },
    Store {
        order: Ordering,
        value: Value,
    },
    Rmw {
        method: &'static str,
        operand: Value,
        order: Ordering,
        old: Value,
        new: Value,
    },
    CompareExchange {
        method: &'static str,
        current: Value,
        new: Value,
        orders: (Ordering, Ordering),
        found: Result<Value, Value>,
    },
    Fence {
        order: Ordering,
    },
    Acquire(Mode),
    Try {
        mode: Mode,
        acquired: bool,
    },
    Release(Mode),
    Wait,
    /// `Wait` has returned, with the lock held again.
    Woken {
        spurious: bool,
    },
    NotifyOne {
        woken: Option<u16>,
    },
    NotifyAll {
        woken: u16,
    },
    /// A permit was stored, perhaps for a later waiter.
    Notify,
    /// A permit was consumed.
    Notified,
    Register,
    TakeWaker {
        method: &'static str,
        found: bool,
    },
    Wake,
    /// `block_on` was woken and polls again.
    Polled,
    CellRead,
    CellWrite,
    Count {
        method: &'static str,
        handles: u64,
    },
}

impl Action {
    /// Whether the operation writes to an atomic.
    pub(crate) fn writes(&self) -> bool {
        match self {
            Action::Store { .. } | Action::Rmw { .. } => true,
            Action::CompareExchange { found, .. } => found.is_ok(),
            _ => false,
        }
    }

    /// Whether the operation is a spurious event, which no other thread caused.
    pub(crate) fn is_spurious(&self) -> bool {
        match *self {
            Action::Woken { spurious } => spurious,
            Action::CompareExchange { current, found, .. } => found == Err(current),
            _ => false,
        }
    }
}

/// What an operation accessed: which of an atomic's writes, or the value that a mutex guards. Writes are numbered from
/// 0, the initial value.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Access {
    /// The write that the operation read.
    pub(crate) read: Option<usize>,
    /// The write that the operation made.
    pub(crate) wrote: Option<usize>,
    /// Whether the write that it read is older than the newest recorded write.
    pub(crate) stale: bool,
    /// What the thread found when it acquired a mutex, or leaves when it releases it. `None` if pictures don't show
    /// values of its type.
    pub(crate) guarded: Option<Value>,
}

/// One recorded operation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Event {
    pub(crate) thread: u16,
    /// `None` for a fence, which belongs to no object.
    pub(crate) object: Option<Object>,
    /// `None` if the caller is unknown: a waker is called through a function table.
    pub(crate) site: Option<Site>,
    pub(crate) action: Action,
    /// Whether `main` was alone: no thread had been spawned yet, or all had been joined.
    pub(crate) solo: bool,
    /// What the operation accessed, if it belongs to an atomic or a mutex.
    pub(crate) access: Access,
}

impl Event {
    /// Returns the value of the atomic, or the value that the mutex guards, right after the operation. `None` for other
    /// objects, after a stale read, and after a wait, whose line in the source names the condition variable instead.
    pub(crate) fn holds(&self) -> Option<Value> {
        let Access { stale, guarded, .. } = self.access;
        // Every write happens before a read that runs alone, so what it returns is the last write.
        let stale = stale && !self.solo;
        match self.action {
            Action::Store { value, .. } => Some(value),
            Action::Rmw { new, .. } => Some(new),
            Action::CompareExchange { new, found, .. } if found.is_ok() => Some(new),
            Action::CompareExchange { found, .. } if !stale => found.err(),
            Action::Load { value, .. } if !stale => Some(value),
            Action::Woken { .. } => None,
            _ => guarded,
        }
    }

    /// Returns what distinguishes two operations: everything except staleness, which depends on the write
    /// that was read and not on its value.
    pub(crate) fn identity(&self) -> impl Eq + std::hash::Hash + use<> {
        (
            self.thread,
            self.object,
            self.action,
            self.access.guarded,
            self.site
                .map(|site| (site.file().as_ptr() as usize, site.line(), site.column())),
        )
    }
}
