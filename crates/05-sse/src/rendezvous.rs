//! An unbuffered channel whose senders notice that the receiver has gone.

use std::collections::BTreeMap;

use crate::sync::{Arc, Condvar, Mutex};

/// Sends values, from any thread.
#[derive(Debug)]
pub struct Sender<T>(Arc<Shared<T>>);

/// Receives values. Dropping it hands every value that waits, or is sent later, back to its sender.
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
    /// Set once; from then on nothing is received.
    receiver_gone: bool,
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
            receiver_gone: false,
        }),
        changed: Condvar::new(),
    });
    (Sender(shared.clone()), Receiver(shared))
}

impl<T> Sender<T> {
    /// Waits until the value is received.
    ///
    /// # Errors
    ///
    /// If the receiver is dropped, before or meanwhile: with the value.
    pub fn send(&self, value: T) -> Result<(), T> {
        let Shared { offers, changed } = &*self.0;
        let mut state = offers.lock().expect("no panic while it is held");
        let number = state.add(value); // weaken: the receiver may take it before the notification
        changed.notify_all();
        while state.waiting.contains_key(&number) {
            if state.receiver_gone {
                return state.waiting.remove(&number).map_or(Ok(()), Err);
            }
            state = changed.wait(state).expect("no panic while it is held");
        }
        Ok(())
    }
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

// ANCHOR: drop
impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        let Shared { offers, changed } = &*self.0;
        let mut state = offers.lock().expect("no panic while it is held");
        state.receiver_gone = true;
        changed.notify_all();
    }
}
// ANCHOR_END: drop
