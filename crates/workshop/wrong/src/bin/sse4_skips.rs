//! Rejected: The client lacks an event

use workshop::sse::Missed;

fn missed(kept: &[u64], newest: u64, last: u64) -> Missed {
    let oldest = kept.first().copied().unwrap_or(newest + 1);
    Missed {
        gone: oldest.saturating_sub(last + 1),
        events: kept
            .iter()
            .copied()
            .filter(|event| *event > last + 1)
            .collect(),
    }
}

fn main() {
    workshop::sse::sse4(missed)
}
