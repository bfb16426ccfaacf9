//! Rejected: The threads touch nothing in common

use std::sync::Mutex;

struct Claims {
    next: Mutex<usize>,
}

impl Claims {
    fn new() -> Claims {
        Claims {
            next: Mutex::new(0),
        }
    }

    fn claim(&self) -> usize {
        let mut next = self.next.lock().unwrap();
        *next += 1;
        *next - 1
    }
}

fn main() {
    workshop::pool::pool1(Claims::new, Claims::claim)
}
