//! A server that is busy says after how long a client may come back. A client obeys, but it has a
//! deadline, after which nobody waits for its answer. This client gives up too early.
//!
//! `call.make().await` makes the call once. It returns the answer, or `Busy`. Time is virtual.

#![allow(clippy::disallowed_types)] // Nothing is explored here, so `std::sync` is fine.

use std::time::Duration;

use workshop::Verdict;
use workshop::hibernation::{Busy, Call};

/// Returns the answer, or `None` if there is none within `limit`. Doesn't begin a wait that would
/// end after that.
async fn ask(call: Call, limit: Duration) -> Option<u32> {
    // TODO: come back as often as the server asks for it, as long as there is time.
    match call.make().await {
        Ok(answer) => Some(answer),
        Err(Busy { retry_after: _ }) => {
            let _ = limit;
            None
        }
    }
}

fn main() -> Verdict {
    workshop::hibernation::hibernation2(ask)
}
