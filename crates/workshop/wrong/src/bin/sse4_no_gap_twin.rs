//! Rejected: It is told that

use workshop::sse::Missed;

fn missed(kept: &[u64], newest: u64, last: u64) -> Missed {
    let oldest = kept.first().copied().unwrap_or(newest + 1);
    Missed {
        gone: oldest.saturating_sub(last),
        events: (oldest.max(last + 1)..=newest).collect(),
    }
}

fn main() {
    workshop::sse::sse4(missed)
}
