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
        let look = self.next.lock().unwrap();
        let number = *look;
        drop(look);
        let mut step = self.next.lock().unwrap();
        *step = number + 1;
        number
    }
}

fn main() {
    workshop::pool::pool1(Claims::new, Claims::claim)
}
