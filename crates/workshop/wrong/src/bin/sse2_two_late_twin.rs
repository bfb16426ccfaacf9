//! Rejected: and no execution ends so

fn possible() -> Vec<(u64, u64)> {
    let mut all = Vec::new();
    for left in 0..3 {
        for end in left..3 {
            all.push((left, end));
        }
    }
    all
}

fn main() {
    workshop::sse::sse2(possible)
}
