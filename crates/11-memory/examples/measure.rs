//! Measures what threads, goroutines, tasks and futures take while they wait, each kind and count in a process of its
//! own. See `--help`.

use std::process::ExitCode;

#[path = "measure/bytes.rs"]
mod bytes;
#[path = "measure/child.rs"]
mod child;
#[path = "measure/futures.rs"]
mod futures_of;
#[path = "measure/heap.rs"]
mod heap;
#[path = "measure/kind.rs"]
mod kind;
#[path = "measure/limits.rs"]
mod limits;
#[path = "measure/parent.rs"]
mod parent;
#[path = "measure/row.rs"]
mod row;
#[path = "measure/table.rs"]
mod table;
#[path = "measure/talk.rs"]
mod talk;
#[path = "measure/threads.rs"]
mod threads;

use clap::Parser;
use kind::Kind;

#[global_allocator]
static HEAP: heap::Heap = heap::Heap;

/// Measures what threads, goroutines, tasks and futures take while they wait
///
/// Each row is measured in a process of its own, which runs under a limit. A row that can't be measured ends with status
/// 1, after the other rows.
#[derive(Clone, Debug, Parser)]
#[command(name = "measure")]
pub(crate) struct Arguments {
    /// Measure only this kind; can be repeated
    #[arg(long, value_name = "KIND")]
    kind: Vec<Kind>,
    /// How many of each kind; can be repeated [default: 100, 10,000 and 1,000,000]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1_000_000_000))]
    count: Vec<u64>,
    /// Print the rows as JSON
    #[arg(long)]
    json: bool,
    /// Start more and more of each kind, until a limit stops it
    #[arg(long, conflicts_with = "count")]
    sweep: bool,
    /// Draw the talk's picture: 100 threads and 100 goroutines
    #[arg(long, conflicts_with_all = ["count", "kind", "sweep", "json"])]
    talk: bool,
    /// The address space of each process, in MiB [default: 65,536 for threads, 8,192 for the others]
    #[arg(long, value_name = "MIB", value_parser = clap::value_parser!(u64).range(64..=1_048_576))]
    limit: Option<u64>,
    /// How long a process may take, in seconds
    #[arg(long, value_name = "S", default_value_t = 120, value_parser = clap::value_parser!(u64).range(1..=3600))]
    patience: u64,
    /// The Go program; without this, it is built from go/
    #[arg(long, value_name = "PROGRAM")]
    go: Option<String>,
    /// Be the process that measures
    #[arg(long, hide = true)]
    child: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let ended = if arguments.child {
        child::measure(&arguments)
    } else {
        parent::measure(&arguments)
    };
    ended.unwrap_or_else(|error| {
        eprintln!("measure: {error}");
        ExitCode::FAILURE
    })
}
