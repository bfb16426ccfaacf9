//! Rejected: The list is empty

use workshop::pool::Claimed;

fn possible() -> Vec<Claimed> {
    std::iter::empty().collect()
}

fn main() {
    workshop::pool::pool2(possible)
}
