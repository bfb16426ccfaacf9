//! Whether a task waits in the queue: a wake that finds it there needn't put it there again.

use crate::sync::{
    AtomicBool,
    Ordering::{Acquire, Release},
};

/// A flag that is set while a task is in the queue.
#[derive(Debug)]
pub struct Queued {
    /// Set from the first wake until a worker takes the task out of the queue, before it polls.
    flag: AtomicBool,
}

impl Queued {
    /// Starts in the queue, as a new task does.
    pub fn new() -> Queued {
        Queued {
            flag: AtomicBool::new(true),
        }
    }

    /// Notes a wake. Returns whether the caller has to put the task into the queue. If not, a poll that sees everything
    /// that the caller did before is still to come.
    pub fn set(&self) -> bool {
        // Release: the poll that follows `clear` sees what this wake is about, although nobody queues the task again.
        !self.flag.swap(true, Release)
    }

    /// Notes that a worker has taken the task out of the queue and is about to poll it.
    pub fn clear(&self) {
        // Acquire, by a swap and not a store: the poll sees what every wake since the last one was about.
        self.flag.swap(false, Acquire);
    }
}

impl Default for Queued {
    fn default() -> Queued {
        Queued::new()
    }
}
