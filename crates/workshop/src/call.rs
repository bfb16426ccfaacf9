//! Questions about an operation.

use std::sync::atomic::Ordering::Relaxed;

use interleave::Call;

/// Returns whether it orders other memory.
pub(crate) fn is_strong(call: &Call) -> bool {
    call.orderings.iter().any(|order| *order != Relaxed)
}

pub(crate) fn is_exchange(call: &Call) -> bool {
    call.method.starts_with("compare_exchange")
}

/// Returns whether it wakes waiting threads.
pub(crate) fn notifies(call: &Call) -> bool {
    call.method.starts_with("notify")
}

/// Returns whether it acquires a lock.
pub(crate) fn locks(call: &Call) -> bool {
    ["lock", "read", "write"].contains(&call.method)
}

/// Returns whether it changes an atomic.
pub(crate) fn writes(call: &Call) -> bool {
    !call.failed && !call.orderings.is_empty() && !["load", "fence"].contains(&call.method)
}
