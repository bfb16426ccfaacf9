//! A value that is computed when a thread first asks for it. It must be computed only once, and the
//! lock must be free meanwhile: `is_ready` never waits for a computation.
//!
//! `Mutex` and `Condvar` work as in `std::sync`.

use workshop::Verdict;
use workshop::sync::{Condvar, Mutex};

#[derive(Clone, Copy, PartialEq)]
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

    /// Returns the value. If there is none yet, computes it, or waits for the thread that does.
    fn get_or_compute(&self, compute: &dyn Fn() -> u32) -> u32 {
        let mut state = self.state.lock().unwrap();
        loop {
            match *state {
                State::Ready(value) => return value,
                State::Computing => state = self.changed.wait(state).unwrap(),
                State::Empty => break,
            }
        }
        // The claim is made under the same lock as the look, and it outlives the lock.
        *state = State::Computing;
        drop(state);
        let value = compute();
        *self.state.lock().unwrap() = State::Ready(value);
        self.changed.notify_all();
        value
    }

    /// Returns whether there is a value.
    fn is_ready(&self) -> bool {
        matches!(*self.state.lock().unwrap(), State::Ready(_))
    }
}

fn main() -> Verdict {
    workshop::sync_map::sync_map2(Memo::new, Memo::get_or_compute, Memo::is_ready)
}
