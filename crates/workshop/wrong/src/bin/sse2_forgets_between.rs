//! Rejected: it left between the two broadcasts

fn possible() -> Vec<(u64, u64)> {
    vec![(0, 0), (2, 2), (0, 1), (1, 2)]
}

fn main() {
    workshop::sse::sse2(possible)
}
