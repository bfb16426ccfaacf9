//! Rejected: it left between the two broadcasts

fn possible() -> Vec<(u64, u64)> {
    let mut all = vec![(0, 0), (2, 2)];
    all.extend([(1, 2), (0, 1)]);
    all
}

fn main() {
    workshop::sse::sse2(possible)
}
