use workshop::Verdict;
use workshop::sync::atomic::{AtomicUsize, Ordering};

struct Permits {
    free: AtomicUsize,
}

impl Permits {
    fn new(limit: usize) -> Permits {
        Permits {
            free: AtomicUsize::new(limit),
        }
    }

    /// Takes a permit, if one is free. Never waits.
    fn try_acquire(&self) -> bool {
        let mut free = self.free.load(Ordering::Relaxed);
        while free > 0 {
            // It takes the permit only if the number is still the one that was checked. If it isn't,
            // another request was faster, and the new number is checked.
            let taken = self.free.compare_exchange_weak(
                free,
                free - 1,
                Ordering::Acquire,
                Ordering::Relaxed,
            );
            match taken {
                Ok(_) => return true,
                Err(newer) => free = newer,
            }
        }
        false
    }

    /// Gives a permit back.
    fn release(&self) {
        self.free.fetch_add(1, Ordering::Release);
    }
}

fn main() -> Verdict {
    workshop::rate_limiting::rate_limiting1(Permits::new, Permits::try_acquire, Permits::release)
}
