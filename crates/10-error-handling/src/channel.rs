//! A channel between threads that has room for one value, as Go's `make(chan error, 1)`.

use std::mem;

use crate::sync::{Condvar, Mutex};

/// Passes values from any thread to any other, one at a time.
#[derive(Debug)]
pub struct Channel<T> {
    slot: Mutex<Slot<T>>,
    /// Notified when a value comes or goes, and when the receiver leaves.
    changed: Condvar,
}

#[derive(Debug)]
enum Slot<T> {
    Empty,
    Full(T),
    /// Nothing receives any more. Never changes again.
    Closed,
}

impl<T> Channel<T> {
    /// Returns an empty channel.
    pub fn new() -> Channel<T> {
        Channel {
            slot: Mutex::new(Slot::Empty),
            changed: Condvar::new(),
        }
    }

    /// Puts a value into the channel. Blocks while the channel is full.
    ///
    /// # Errors
    ///
    /// Returns the value if the receiver has left, before the call or during it.
    // ANCHOR: send
    pub fn send(&self, value: T) -> Result<(), T> {
        let mut slot = self.slot.lock().expect("no panic while it is held");
        while let Slot::Full(_) = *slot {
            slot = self.changed.wait(slot).expect("no panic while it is held");
        }
        if let Slot::Closed = *slot {
            return Err(value);
        }
        *slot = Slot::Full(value);
        drop(slot);
        self.changed.notify_all();
        Ok(())
    }
    // ANCHOR_END: send

    /// Takes the value out of the channel. Blocks until there is one. Returns `None` if the receiver has left.
    pub fn receive(&self) -> Option<T> {
        let mut slot = self.slot.lock().expect("no panic while it is held");
        while let Slot::Empty = *slot {
            slot = self.changed.wait(slot).expect("no panic while it is held");
        }
        let taken = take(&mut slot);
        drop(slot);
        self.changed.notify_all();
        taken
    }

    /// Takes the value out of the channel if there is one. Never waits for one.
    // ANCHOR: try_receive
    pub fn try_receive(&self) -> Option<T> {
        let mut slot = self.slot.lock().expect("no panic while it is held");
        let taken = take(&mut slot);
        drop(slot);
        if taken.is_some() {
            self.changed.notify_all();
        }
        taken
    }
    // ANCHOR_END: try_receive

    /// Says that nothing receives any more: every send that waits, and every later one, returns its value. Drops the
    /// value in the channel.
    // ANCHOR: close
    pub fn close(&self) {
        *self.slot.lock().expect("no panic while it is held") = Slot::Closed;
        self.changed.notify_all();
    }
    // ANCHOR_END: close
}

/// Takes the value, if there is one, and leaves the channel empty unless it is closed.
fn take<T>(slot: &mut Slot<T>) -> Option<T> {
    match mem::replace(slot, Slot::Empty) {
        Slot::Empty => None,
        Slot::Full(value) => Some(value),
        Slot::Closed => {
            *slot = Slot::Closed;
            None
        }
    }
}

impl<T> Default for Channel<T> {
    fn default() -> Channel<T> {
        Channel::new()
    }
}
