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
        // One item is for one worker: whoever else waits need not know.
        self.changed.notify_one();
    }

    /// The next item. Waits for one; `None` once the queue is closed and empty.
    fn pop(&self) -> Option<u32> {
        let mut state = self.state.lock().unwrap();
        // The look is under the lock, and `wait` lets go of it only when this thread waits already: nothing
        // comes in between. A loop, because another worker may have been faster.
        while state.items.is_empty() && !state.closed {
            state = self.changed.wait(state).unwrap();
        }
        state.items.pop_front()
    }

    /// Says that nothing will be added any more.
    fn close(&self) {
        self.state.lock().unwrap().closed = true;
        // The end is for everybody.
        self.changed.notify_all();
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
