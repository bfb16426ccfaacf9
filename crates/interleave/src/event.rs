//! What is recorded of one operation.

use std::fmt;
use std::panic::Location;
use std::sync::atomic::Ordering;

/// The source line of an operation.
pub(crate) type Site = &'static Location<'static>;

/// A value that an atomic holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Value {
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

/// Names an object in every execution alike: who made it, and as which of its own objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Object {
    pub(crate) maker: u16,
    pub(crate) number: u16,
}

/// How a lock is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Mode {
    Lock,
    Read,
    Write,
}

impl Mode {
    /// The method that takes a lock this way.
    pub(crate) fn method(self) -> &'static str {
        match self {
            Mode::Lock => "lock",
            Mode::Read => "read",
            Mode::Write => "write",
        }
    }
}

/// What an operation did, with the values that it read and wrote.
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
    /// Back from `Wait`, with the lock held again.
    Woken,
    NotifyOne {
        woken: Option<u16>,
    },
    NotifyAll {
        woken: u16,
    },
    /// A permit was left, for a waiter that may come later.
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
    /// Whether it writes to an atomic.
    pub(crate) fn writes(&self) -> bool {
        match self {
            Action::Store { .. } | Action::Rmw { .. } => true,
            Action::CompareExchange { found, .. } => found.is_ok(),
            _ => false,
        }
    }

    /// What the atomic holds right after this, if it is about one and the newest write was seen.
    pub(crate) fn holds(&self, stale: bool) -> Option<Value> {
        match *self {
            Action::Store { value, .. } => Some(value),
            Action::Rmw { new, .. } => Some(new),
            Action::CompareExchange { new, found, .. } if found.is_ok() => Some(new),
            Action::CompareExchange { found, .. } if !stale => found.err(),
            Action::Load { value, .. } if !stale => Some(value),
            _ => None,
        }
    }
}

/// One recorded operation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Event {
    pub(crate) thread: u16,
    /// `None` for a fence, which touches no object of its own.
    pub(crate) object: Option<Object>,
    /// `None` where the caller can't be known: a waker is called through a table of functions.
    pub(crate) site: Option<Site>,
    pub(crate) action: Action,
    /// Whether the write that this read returned is older than the newest one recorded.
    pub(crate) stale: bool,
    /// Whether no other thread could run: before the first is spawned, or after all are joined.
    pub(crate) solo: bool,
}

impl Event {
    /// What tells two operations apart: all of it but staleness, which is about writes and not values.
    pub(crate) fn identity(&self) -> impl Eq + std::hash::Hash + use<> {
        (
            self.thread,
            self.object,
            self.action,
            self.site
                .map(|site| (site.file().as_ptr() as usize, site.line(), site.column())),
        )
    }
}
