//! What is measured.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use crate::heap::Allocator;

/// A thing that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Kind {
    /// A thread with std's default stack, 2 MiB
    Thread,
    /// A thread with a stack of 16 KiB
    SmallThread,
    /// A goroutine
    Goroutine,
    /// A task on Tokio's runtime
    TokioTask,
    /// A boxed future that nobody has spawned
    Future,
    /// A future in a `FuturesUnordered`
    FuturesUnordered,
}

impl Kind {
    pub(crate) const ALL: [Kind; 6] = [
        Kind::Thread,
        Kind::SmallThread,
        Kind::Goroutine,
        Kind::TokioTask,
        Kind::Future,
        Kind::FuturesUnordered,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Thread => "thread",
            Kind::SmallThread => "thread, 16 KiB stack",
            Kind::Goroutine => "goroutine",
            Kind::TokioTask => "Tokio task",
            Kind::Future => "future",
            Kind::FuturesUnordered => "FuturesUnordered",
        }
    }

    /// The name on the command line.
    pub(crate) fn flag(self) -> String {
        let value = self.to_possible_value().expect("no kind is skipped");
        value.get_name().to_owned()
    }

    pub(crate) fn is_thread(self) -> bool {
        matches!(self, Kind::Thread | Kind::SmallThread)
    }

    /// The allocators that make a difference: a thread and a goroutine take their stacks from elsewhere.
    pub(crate) fn allocators(self) -> &'static [Allocator] {
        match self {
            Kind::Thread | Kind::SmallThread | Kind::Goroutine => &[Allocator::System],
            Kind::TokioTask | Kind::Future | Kind::FuturesUnordered => {
                &[Allocator::System, Allocator::Mimalloc]
            }
        }
    }
}
