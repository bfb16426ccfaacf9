//! Rejected: The list is empty

use workshop::pool::Claimed;

fn possible() -> Vec<Claimed> {
    vec![]
}

fn main() {
    workshop::pool::pool2(possible)
}
