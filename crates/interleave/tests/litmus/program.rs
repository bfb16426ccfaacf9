//! Small programs with atomics, as data.

use std::sync::atomic::Ordering;

/// One operation of a thread.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Op {
    Load {
        location: usize,
        order: Ordering,
    },
    Store {
        location: usize,
        value: u64,
        order: Ordering,
    },
    FetchAdd {
        location: usize,
        operand: u64,
        order: Ordering,
    },
    Fence {
        order: Ordering,
    },
}

/// The operations of each thread. All locations are initially 0.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    pub(crate) threads: Vec<Vec<Op>>,
}

/// The outcome: the values that each thread read, and the final value of each location.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Outcome {
    pub(crate) reads: Vec<Vec<u64>>,
    pub(crate) finals: Vec<u64>,
}

impl Program {
    /// Returns the number of locations.
    pub(crate) fn locations(&self) -> usize {
        let used = self.threads.iter().flatten().filter_map(|op| match op {
            Op::Load { location, .. }
            | Op::Store { location, .. }
            | Op::FetchAdd { location, .. } => Some(location + 1),
            Op::Fence { .. } => None,
        });
        used.max().unwrap_or(0)
    }
}
