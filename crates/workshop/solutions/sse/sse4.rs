//! A client comes back and says which event it saw last. It gets what it missed, from a history that keeps the newest
//! events; if some of that is gone, it is told how many.

use workshop::sse::Missed;

/// `kept` are the numbers of the events in the history, one after the other; the last is `newest`. It may be empty:
/// then everything up to `newest` is gone. Events are numbered from 1; `last` is what the client saw, 0 if nothing.
fn missed(kept: &[u64], newest: u64, last: u64) -> Missed {
    // With an empty history the oldest that could be kept is the next one.
    let oldest = kept.first().copied().unwrap_or(newest + 1);
    Missed {
        // Between the last that it saw and the oldest that is kept.
        gone: oldest.saturating_sub(last + 1),
        events: kept.iter().copied().filter(|event| *event > last).collect(),
    }
}

fn main() {
    workshop::sse::sse4(missed)
}
