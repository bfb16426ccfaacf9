//! Rejected: an order of the steps that ends so

fn possible() -> Vec<(u64, u64)> {
    (0..2).map(|n| (n, n)).collect()
}

fn main() {
    workshop::atomics::atomics2(possible)
}
