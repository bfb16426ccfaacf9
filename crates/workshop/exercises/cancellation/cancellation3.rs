//! A parent token and its children. A child that is made while the parent is cancelled must not be
//! forgotten: it ends up cancelled, whichever thread is first.
//!
//! `Arc`, `Mutex` and `AtomicBool` work as in `std::sync`.

use workshop::Verdict;
use workshop::sync::atomic::{AtomicBool, Ordering};
use workshop::sync::{Arc, Mutex};

struct Parent {
    cancelled: AtomicBool,
    children: Mutex<Vec<Arc<AtomicBool>>>,
}

impl Parent {
    fn new() -> Parent {
        Parent {
            cancelled: AtomicBool::new(false),
            children: Mutex::new(Vec::new()),
        }
    }

    /// Makes a child, which is cancelled once its parent is.
    fn child(&self) -> Arc<AtomicBool> {
        // TODO: the parent can be cancelled at any moment, also while this runs.
        let cancelled = self.cancelled.load(Ordering::Acquire);
        let child = Arc::new(AtomicBool::new(cancelled));
        if !cancelled {
            self.children.lock().unwrap().push(child.clone());
        }
        child
    }

    /// Cancels the parent and all its children.
    fn cancel(&self) {
        self.cancelled.store(true, Ordering::Release);
        for child in self.children.lock().unwrap().drain(..) {
            child.store(true, Ordering::Release);
        }
    }
}

fn is_cancelled(child: &Arc<AtomicBool>) -> bool {
    child.load(Ordering::Acquire)
}

fn main() -> Verdict {
    workshop::cancellation::cancellation3(Parent::new, Parent::child, Parent::cancel, is_cancelled)
}
