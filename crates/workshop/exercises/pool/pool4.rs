//! A queue between threads: first in, first out. Any number of workers wait at it until there is an item for them, or
//! until it is closed; what was pushed before that is still popped.
//!
//! The lock and the condition variable of `workshop::sync` are used as those of `std::sync`: `wait`, `wait_while`,
//! `notify_one`, `notify_all`.

use std::collections::VecDeque;

use workshop::pool;
use workshop::sync::{Condvar, Mutex};

struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    items: VecDeque<u32>,
    closed: bool,
}

impl Queue {
    fn new() -> Queue {
        let state = State {
            items: VecDeque::new(),
            closed: false,
        };
        Queue {
            state: Mutex::new(state),
            changed: Condvar::new(),
        }
    }

    /// Adds an item, for one worker.
    fn push(&self, item: u32) {
        self.state.lock().unwrap().items.push_back(item);
        // TODO: a worker may be waiting for it.
    }

    /// The next item. Waits for one; `None` once the queue is closed and empty.
    fn pop(&self) -> Option<u32> {
        let mut state = self.state.lock().unwrap();
        // TODO: if there is none, wait: `self.changed.wait(state)` lets go of the lock meanwhile.
        state.items.pop_front()
    }

    /// Says that nothing will be added any more.
    fn close(&self) {
        self.state.lock().unwrap().closed = true;
        // TODO: workers may be waiting for that too.
        self.changed.notify_one();
    }
}

fn main() {
    pool::pool4(pool::Queue {
        new: Queue::new,
        push: Queue::push,
        pop: Queue::pop,
        close: Queue::close,
    })
}
