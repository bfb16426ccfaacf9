//! Threads that wait for a condition variable.

use std::io;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{Builder, JoinHandle};

use crate::child::Waiting;

/// The smallest stack that Linux allows.
pub(crate) const SMALL: usize = 16 * 1024;

struct Gate {
    state: Mutex<State>,
    opened: Condvar,
    /// Notified by every thread that has begun to wait.
    arrived: Condvar,
}

struct State {
    waiting: usize,
    open: bool,
}

static GATE: Gate = Gate {
    state: Mutex::new(State {
        waiting: 0,
        open: false,
    }),
    opened: Condvar::new(),
    arrived: Condvar::new(),
};

impl Gate {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait(&self) {
        let mut state = self.lock();
        state.waiting += 1;
        self.arrived.notify_one();
        while !state.open {
            state = self
                .opened
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}

pub(crate) struct Threads {
    stack: Option<usize>,
    started: Vec<JoinHandle<()>>,
}

impl Threads {
    pub(crate) fn new(stack: Option<usize>) -> Threads {
        Threads {
            stack,
            started: Vec::new(),
        }
    }
}

impl Waiting for Threads {
    fn start(&mut self) -> io::Result<()> {
        let mut builder = Builder::new();
        if let Some(stack) = self.stack {
            builder = builder.stack_size(stack);
        }
        self.started.push(builder.spawn(|| GATE.wait())?);
        Ok(())
    }

    fn settle(&mut self) {
        let mut state = GATE.lock();
        while state.waiting < self.started.len() {
            state = GATE
                .arrived
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn finish(self: Box<Self>) {
        GATE.lock().open = true;
        GATE.opened.notify_all();
        for thread in self.started {
            thread.join().expect("no panic");
        }
    }
}
