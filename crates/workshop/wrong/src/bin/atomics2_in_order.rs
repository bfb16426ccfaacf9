//! Rejected: no order of the steps explains it, and memory allows it all the same

fn possible() -> Vec<(u64, u64)> {
    vec![(0, 0), (1, 0), (1, 1)]
}

fn main() {
    workshop::atomics::atomics2(possible)
}
