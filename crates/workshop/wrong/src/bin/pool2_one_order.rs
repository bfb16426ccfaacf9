//! Rejected: which is not in your list.

use workshop::pool::Claimed;

fn possible() -> Vec<Claimed> {
    vec![(0, 1, 2), (1, 0, 2), (2, 0, 1)]
}

fn main() {
    workshop::pool::pool2(possible)
}
