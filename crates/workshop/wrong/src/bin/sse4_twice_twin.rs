//! Rejected: The client gets an event twice

use workshop::sse::Missed;

fn missed(kept: &[u64], newest: u64, last: u64) -> Missed {
    let oldest = newest + 1 - kept.len() as u64;
    let from = (last.max(oldest) - oldest) as usize;
    Missed {
        gone: oldest.max(last + 1) - last - 1,
        events: kept[from.min(kept.len())..].to_vec(),
    }
}

fn main() {
    workshop::sse::sse4(missed)
}
