//! Rejected: which is not in your list.

use workshop::pool::Claimed;

fn possible() -> Vec<Claimed> {
    let mut all = vec![(2, 0, 1), (1, 0, 2)];
    all.push((0, 1, 2));
    all
}

fn main() {
    workshop::pool::pool2(possible)
}
