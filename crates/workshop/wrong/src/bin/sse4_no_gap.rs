//! Rejected: It is told that

use workshop::sse::Missed;

fn missed(kept: &[u64], newest: u64, last: u64) -> Missed {
    let _ = newest;
    Missed {
        gone: 0,
        events: kept.iter().copied().filter(|event| *event > last).collect(),
    }
}

fn main() {
    workshop::sse::sse4(missed)
}
