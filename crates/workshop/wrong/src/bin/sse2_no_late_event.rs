//! Rejected: an event that came after goodbye

fn possible() -> Vec<(u64, u64)> {
    vec![(0, 0), (1, 1), (2, 2)]
}

fn main() {
    workshop::sse::sse2(possible)
}
