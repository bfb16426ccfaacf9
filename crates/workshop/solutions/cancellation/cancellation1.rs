use std::task::{Poll, Waker};

use workshop::Verdict;
use workshop::sync::Mutex;
use workshop::sync::atomic::{AtomicBool, Ordering};

struct Signal {
    cancelled: AtomicBool,
    waiter: Mutex<Option<Waker>>,
}

impl Signal {
    fn new() -> Signal {
        Signal {
            cancelled: AtomicBool::new(false),
            waiter: Mutex::new(None),
        }
    }

    /// Cancels the signal and wakes the task that waits.
    fn cancel(&self) {
        self.cancelled.store(true, Ordering::Release);
        let waiter = self.waiter.lock().unwrap().take();
        if let Some(waiter) = waiter {
            waiter.wake();
        }
    }

    /// Is ready once the signal is cancelled. Until then, the task sleeps until its waker is called.
    fn poll(&self, waker: &Waker) -> Poll<()> {
        *self.waiter.lock().unwrap() = Some(waker.clone());
        // The look comes second: a cancellation before it is seen here, and one after it finds the
        // waker.
        if self.cancelled.load(Ordering::Acquire) {
            return Poll::Ready(());
        }
        Poll::Pending
    }
}

fn main() -> Verdict {
    workshop::cancellation::cancellation1(Signal::new, Signal::cancel, Signal::poll)
}
