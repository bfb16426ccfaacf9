//! A client comes back and says which event it saw last. It gets what it missed, from a history that keeps the newest
//! events; if some of that is gone, it is told how many.

use workshop::sse::Missed;

/// `kept` are the numbers of the events in the history, one after the other; the last is `newest`. It may be empty:
/// then everything up to `newest` is gone. Events are numbered from 1; `last` is what the client saw, 0 if nothing.
fn missed(kept: &[u64], newest: u64, last: u64) -> Missed {
    // TODO: what of this does the client lack, and how much is gone?
    let _ = (newest, last);
    Missed {
        gone: 0,
        events: kept.to_vec(),
    }
}

fn main() {
    workshop::sse::sse4(missed)
}
