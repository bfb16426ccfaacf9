//! Broken on purpose: an unbuffered channel, as Go's are, whose receiver leaves without a word. A sender waits forever.

use std::collections::BTreeMap;

use crate::sync::{Arc, Condvar, Mutex};

/// Sends values, from any thread.
#[derive(Debug)]
pub struct Sender<T>(Arc<Shared<T>>);

/// Receives values.
#[derive(Debug)]
pub struct Receiver<T>(Arc<Shared<T>>);

#[derive(Debug)]
struct Shared<T> {
    offers: Mutex<Offers<T>>,
    changed: Condvar,
}

#[derive(Debug)]
struct Offers<T> {
    /// Each value whose sender waits, under a number of its own; the lowest has waited longest.
    waiting: BTreeMap<u64, T>,
    next: u64,
}

impl<T> Offers<T> {
    /// Adds a value, and returns its number.
    fn add(&mut self, value: T) -> u64 {
        let number = self.next;
        self.next += 1;
        self.waiting.insert(number, value);
        number
    }
}

/// Returns both ends of a channel without a buffer.
pub fn channel<T>() -> (Sender<T>, Receiver<T>) {
    let shared = Arc::new(Shared {
        offers: Mutex::new(Offers {
            waiting: BTreeMap::new(),
            next: 0,
        }),
        changed: Condvar::new(),
    });
    (Sender(shared.clone()), Receiver(shared))
}

impl<T> Sender<T> {
    // ANCHOR: send
    /// Waits until the value is received.
    ///
    /// # Errors
    ///
    /// Never.
    pub fn send(&self, value: T) -> Result<(), T> {
        let Shared { offers, changed } = &*self.0;
        let mut state = offers.lock().expect("no panic while it is held");
        let number = state.add(value);
        changed.notify_all();
        while state.waiting.contains_key(&number) {
            state = changed.wait(state).expect("no panic while it is held");
        }
        Ok(())
    }
    // ANCHOR_END: send
}

impl<T> Receiver<T> {
    /// Waits for a value.
    pub fn receive(&self) -> T {
        let Shared { offers, changed } = &*self.0;
        let mut state = offers.lock().expect("no panic while it is held");
        loop {
            if let Some((_, value)) = state.waiting.pop_first() {
                changed.notify_all();
                return value;
            }
            state = changed.wait(state).expect("no panic while it is held");
        }
    }
}
