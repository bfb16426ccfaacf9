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
        // TODO: two requests of one person must get the same lock.
        let found = self.locks.lock().unwrap().get(&person).cloned();
        if let Some(lock) = found {
            return lock;
        }
        let lock = Arc::new(Mutex::new(()));
        self.locks.lock().unwrap().insert(person, lock.clone());
        lock
    }
}

fn main() -> Verdict {
    workshop::sync_map::sync_map1(Locks::new, Locks::of)
}
