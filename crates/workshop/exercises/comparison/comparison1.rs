//! A hotel wants to know how full it has ever been: what was the lowest number of free rooms? Two
//! clerks hand out rooms at the same time, and the lowest number can be lost.

use workshop::Verdict;
use workshop::sync::atomic::{AtomicU32, Ordering};

struct Rooms {
    free: AtomicU32,
    /// The lowest number of free rooms so far.
    lowest: AtomicU32,
}

impl Rooms {
    fn new(rooms: u32) -> Rooms {
        Rooms {
            free: AtomicU32::new(rooms),
            lowest: AtomicU32::new(rooms),
        }
    }

    /// Hands out a room. Returns how many are free after that. (There is always a free one here.)
    fn take(&self) -> u32 {
        let left = self.free.fetch_sub(1, Ordering::Relaxed) - 1;
        // TODO: don't lose the lowest number.
        if left < self.lowest.load(Ordering::Relaxed) {
            self.lowest.store(left, Ordering::Relaxed);
        }
        left
    }

    fn give_back(&self) {
        self.free.fetch_add(1, Ordering::Relaxed);
    }

    fn lowest(&self) -> u32 {
        self.lowest.load(Ordering::Relaxed)
    }
}

fn main() -> Verdict {
    workshop::comparison::comparison1(Rooms::new, Rooms::take, Rooms::give_back, Rooms::lowest)
}
