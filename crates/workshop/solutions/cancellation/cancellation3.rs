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
        let mut children = self.children.lock().unwrap();
        // Under the lock that `cancel` takes after it has set the flag: either the flag is seen
        // here, or `cancel` finds the child in the list.
        let cancelled = self.cancelled.load(Ordering::Acquire);
        let child = Arc::new(AtomicBool::new(cancelled));
        if !cancelled {
            children.push(child.clone());
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
