use workshop::Verdict;
use workshop::sync::atomic::{AtomicUsize, Ordering};

struct Claims {
    /// The item that the next claim gets.
    next: AtomicUsize,
}

impl Claims {
    fn new() -> Claims {
        Claims {
            next: AtomicUsize::new(1),
        }
    }

    /// Claims the next item: 1, then 2, and so on.
    fn claim(&self) -> usize {
        // One operation reads the number and moves it on, so no other claim can come in between.
        // `Relaxed` is enough: the number says nothing about any other memory.
        self.next.fetch_add(1, Ordering::Relaxed)
    }
}

fn main() -> Verdict {
    workshop::pool::pool1(Claims::new, Claims::claim)
}
