use std::collections::VecDeque;

use workshop::Verdict;
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
        // An item is for one worker, so one worker is woken.
        self.changed.notify_one();
    }

    /// Waits for an item and removes it. Returns `None` once the queue is closed and empty.
    fn pop(&self) -> Option<u32> {
        let mut state = self.state.lock().unwrap();
        // The check and the wait are under one lock, and `wait` releases it only once this thread
        // is waiting. The loop checks again, because another worker may have been faster.
        while state.items.is_empty() && !state.closed {
            state = self.changed.wait(state).unwrap();
        }
        state.items.pop_front()
    }

    /// Closes the queue. Nothing is pushed after this.
    fn close(&self) {
        self.state.lock().unwrap().closed = true;
        // The end concerns every worker.
        self.changed.notify_all();
    }
}

fn main() -> Verdict {
    workshop::pool::pool4(Queue::new, Queue::push, Queue::pop, Queue::close)
}
