//! A group of calls, all at once. The first error should end the group: no call goes on, and the
//! error is returned at that moment. This group runs one call after another.
//!
//! `call.make().await` returns a result or an error; it can also panic, which counts as the error 0.
//! Time is virtual.

#![allow(clippy::disallowed_types)] // Nothing is explored here, so `std::sync` is fine.

use workshop::Verdict;
use workshop::error_handling::Call;

/// Returns the sum of the results, or the first error. Once it returns, no call is running.
async fn group(calls: Vec<Call>) -> Result<u32, u32> {
    // TODO: make all calls at once, and stop the others at the first error.
    let mut sum = 0;
    for call in calls {
        sum += call.make().await?;
    }
    Ok(sum)
}

fn main() -> Verdict {
    workshop::error_handling::error_handling3(group)
}
