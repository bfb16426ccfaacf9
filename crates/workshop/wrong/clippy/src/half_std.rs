//! The claim is in std's types, of which the explorer sees nothing; it sees `seen`, where nothing goes wrong.

use workshop::Verdict;
use workshop::sync::atomic::{AtomicUsize, Ordering};

struct Claims {
    next: std::sync::atomic::AtomicUsize,
    seen: AtomicUsize,
}

pub fn main() -> Verdict {
    workshop::pool::pool1(
        || Claims {
            next: std::sync::atomic::AtomicUsize::new(1),
            seen: AtomicUsize::new(0),
        },
        |claims| {
            claims.seen.load(Ordering::Relaxed);
            let claimed = claims.next.load(Ordering::Relaxed);
            claims.next.store(claimed + 1, Ordering::Relaxed);
            claimed
        },
    )
}
