//! Rejected: The lock is let go of between the look and what depends on it

use workshop::sync::Mutex;

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
        let claimed = *self.next.lock().unwrap();
        *self.next.lock().unwrap() = claimed + 1;
        claimed
    }
}

fn main() {
    workshop::pool::pool1(Claims::new, Claims::claim)
}
