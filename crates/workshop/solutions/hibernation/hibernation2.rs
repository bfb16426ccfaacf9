//! A server that is busy says after how long a client may come back. A client obeys, but it has a
//! deadline, after which nobody waits for its answer.
//!
//! `call.make().await` makes the call once. It returns the answer, or `Busy`. Time is virtual.

#![allow(clippy::disallowed_types)] // Nothing is explored here, so `std::sync` is fine.

use std::time::Duration;

use tokio::time::{Instant, sleep, timeout_at};
use workshop::Verdict;
use workshop::hibernation::{Busy, Call};

/// Returns the answer, or `None` if there is none within `limit`. Doesn't begin a wait that would
/// end after that.
async fn ask(call: Call, limit: Duration) -> Option<u32> {
    // One deadline for all tries: a limit for each would add up.
    let deadline = Instant::now() + limit;
    loop {
        // A try that hangs is dropped at the deadline.
        match timeout_at(deadline, call.make()).await.ok()? {
            Ok(answer) => return Some(answer),
            Err(Busy { retry_after }) if Instant::now() + retry_after < deadline => {
                sleep(retry_after).await;
            }
            Err(Busy { .. }) => return None,
        }
    }
}

fn main() -> Verdict {
    workshop::hibernation::hibernation2(ask)
}
