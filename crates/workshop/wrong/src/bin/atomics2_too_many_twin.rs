//! Rejected: and no execution ends so

fn possible() -> Vec<(u64, u64)> {
    (0..9).map(|n| (n / 3, n % 3)).collect()
}

fn main() {
    workshop::atomics::atomics2(possible)
}
