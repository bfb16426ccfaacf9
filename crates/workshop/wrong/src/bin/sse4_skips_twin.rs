//! Rejected: The client lacks an event

use workshop::sse::Missed;

fn missed(kept: &[u64], newest: u64, last: u64) -> Missed {
    let oldest = kept.first().copied().unwrap_or(newest + 1);
    let gone = oldest.saturating_sub(last + 1);
    let events = if gone > 0 {
        Vec::new()
    } else {
        (last + 1..=newest).collect()
    };
    Missed { gone, events }
}

fn main() {
    workshop::sse::sse4(missed)
}
