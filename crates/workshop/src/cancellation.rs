//! Chapter 4: cancellation.

mod cancellation1;
mod cancellation2;
mod cancellation3;

pub use cancellation::Token;

use crate::call::writes;
use crate::race::Failure;

pub use cancellation1::*;
pub use cancellation2::*;
pub use cancellation3::*;

/// Returns whether the watcher has released a lock before it first writes to the flag, which is what `other` loads first.
fn sets_late<T>(failure: &Failure<T>, other: &str) -> bool {
    let mut loads = failure.calls_of(other);
    let flag = loads.find(|(_, call)| call.method == "load");
    let flag = flag.map(|(_, call)| &call.object);
    let mut watcher = failure.calls_of("watcher");
    let set = watcher.find(|(_, call)| writes(call) && Some(&call.object) == flag);
    let mut watcher = failure.calls_of("watcher");
    let released = watcher.find(|(_, call)| call.method == "unlock");
    released.is_some_and(|(released, _)| set.is_some_and(|(set, _)| released < set))
}
