//! A value that is computed once, by a computation that can fail: then it returns `None`. A failure
//! must not leave a thread waiting: one that waits, or the next one that asks, computes again. As in
//! sync_map2, the lock must be free during a computation.
//!
//! `Mutex` and `Condvar` work as in `std::sync`.

use workshop::Verdict;
use workshop::sync::{Condvar, Mutex};

enum State {
    Empty,
    Computing,
    Ready(u32),
}

struct Memo {
    state: Mutex<State>,
    changed: Condvar,
}

impl Memo {
    fn new() -> Memo {
        Memo {
            state: Mutex::new(State::Empty),
            changed: Condvar::new(),
        }
    }

    /// Returns the value. Computes it if there is none and no other thread does. `None` if this
    /// thread's own computation fails.
    fn get_or_compute(&self, compute: &dyn Fn() -> Option<u32>) -> Option<u32> {
        let mut state = self.state.lock().unwrap();
        loop {
            match *state {
                State::Ready(value) => return Some(value),
                State::Computing => state = self.changed.wait(state).unwrap(),
                State::Empty => break,
            }
        }
        *state = State::Computing;
        drop(state);
        let computed = compute();
        // Either way the claim ends, and everybody who waits for it is told.
        *self.state.lock().unwrap() = match computed {
            Some(value) => State::Ready(value),
            None => State::Empty,
        };
        self.changed.notify_all();
        computed
    }

    /// Returns whether there is a value.
    fn is_ready(&self) -> bool {
        matches!(*self.state.lock().unwrap(), State::Ready(_))
    }
}

fn main() -> Verdict {
    workshop::sync_map::sync_map3(Memo::new, Memo::get_or_compute, Memo::is_ready)
}
