//! Rejected: an event that came after goodbye

fn possible() -> Vec<(u64, u64)> {
    (0..3).map(|n| (n, n)).collect()
}

fn main() {
    workshop::sse::sse2(possible)
}
