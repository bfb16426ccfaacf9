//! What one process measured.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::bytes::Bytes;
use crate::heap::Allocator;
use crate::kind::Kind;

/// A row of the table. Bytes are those of all things together, above what the process took before.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Row {
    pub(crate) kind: Kind,
    pub(crate) allocator: Allocator,
    /// How many were asked for.
    pub(crate) count: u64,
    /// How many were started.
    pub(crate) reached: u64,
    /// The limit that was met, in a sentence, if not all were started.
    #[serde(default)]
    pub(crate) stopped: Option<String>,
    /// `None` if the process has ended before it could measure.
    #[serde(default)]
    pub(crate) taken: Option<Taken>,
}

/// What the things that wait take.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Taken {
    /// Addresses.
    pub(crate) reserved: Option<u64>,
    /// Memory.
    pub(crate) resident: u64,
    /// The sizes of the layouts that were allocated; for Go, stacks and heap.
    pub(crate) asked: u64,
    /// The kernel's memory: page tables and kernel stacks.
    pub(crate) kernel: Option<u64>,
    /// From the first start until all wait.
    pub(crate) start_ms: f64,
    /// From the signal until all have ended.
    pub(crate) finish_ms: f64,
}

impl Taken {
    pub(crate) fn between(
        before: (Bytes, u64),
        after: (Bytes, u64),
        start: Duration,
        finish: Duration,
    ) -> Taken {
        let more = |before: Option<u64>, after: Option<u64>| Some(after?.saturating_sub(before?));
        Taken {
            reserved: more(before.0.reserved, after.0.reserved),
            resident: after.0.resident.saturating_sub(before.0.resident),
            asked: after.1.saturating_sub(before.1),
            kernel: more(before.0.kernel, after.0.kernel),
            start_ms: start.as_secs_f64() * 1e3,
            finish_ms: finish.as_secs_f64() * 1e3,
        }
    }
}
