//! A lock for each person, made at the person's first request. All requests of one person have to
//! get the same lock, and different people different ones.
//!
//! `Arc` and `Mutex` work as in `std::sync`.

use std::collections::HashMap;

use workshop::Verdict;
use workshop::sync::{Arc, Mutex};

type Lock = Arc<Mutex<()>>;

struct Locks {
    locks: Mutex<HashMap<u32, Lock>>,
}

impl Locks {
    fn new() -> Locks {
        Locks {
            locks: Mutex::new(HashMap::new()),
        }
    }

    /// Returns the person's lock. Makes it if there is none.
    fn of(&self, person: u32) -> Lock {
        // The guard lives until the end of the function, so nobody inserts between the look and the
        // insertion.
        let mut locks = self.locks.lock().unwrap();
        let lock = locks
            .entry(person)
            .or_insert_with(|| Arc::new(Mutex::new(())));
        lock.clone()
    }
}

fn main() -> Verdict {
    workshop::sync_map::sync_map1(Locks::new, Locks::of)
}
