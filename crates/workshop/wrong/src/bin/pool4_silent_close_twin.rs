//! Rejected: after the last change nobody notifies it

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

    fn push(&self, item: u32) {
        self.state.lock().unwrap().items.push_back(item);
        self.changed.notify_one();
    }

    fn pop(&self) -> Option<u32> {
        let mut state = self.state.lock().unwrap();
        while !state.closed && state.items.is_empty() {
            state = self.changed.wait(state).unwrap();
        }
        state.items.pop_front()
    }

    fn close(&self) {
        let mut state = self.state.lock().unwrap();
        state.closed = true;
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
