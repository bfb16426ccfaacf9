//! A group of calls, all at once. The first error ends the group: no call goes on, and the error is
//! returned at that moment.
//!
//! `call.make().await` returns a result or an error; it can also panic, which counts as the error 0.
//! Time is virtual.

#![allow(clippy::disallowed_types)] // Nothing is explored here, so `std::sync` is fine.

use tokio::task::JoinSet;
use workshop::Verdict;
use workshop::error_handling::Call;

/// Returns the sum of the results, or the first error. Once it returns, no call is running.
async fn group(calls: Vec<Call>) -> Result<u32, u32> {
    let mut running: JoinSet<_> = calls.into_iter().map(Call::make).collect();
    let mut sum = 0;
    while let Some(ended) = running.join_next().await {
        // A task that panics gives a `JoinError`.
        match ended.unwrap_or(Err(0)) {
            Ok(result) => sum += result,
            Err(error) => {
                // Aborts the others, and waits until they are gone.
                running.shutdown().await;
                return Err(error);
            }
        }
    }
    Ok(sum)
}

fn main() -> Verdict {
    workshop::error_handling::error_handling3(group)
}
