//! The process that measures one row.

use std::io;
use std::process::{Command, ExitCode};
use std::time::Instant;

use crate::bytes::Bytes;
use crate::heap::{Allocator, Heap, VARIABLE};
use crate::kind::Kind;
use crate::row::{Row, Taken};
use crate::{Arguments, futures_of, limits, threads};

/// The environment variable that says that the process is under its limit.
const LIMITED: &str = "MEASURE_IS_LIMITED";

/// How often a process says how many it has started, in case it can't say more.
pub(crate) const EVERY: u64 = 1_000;

/// The threads of which the areas of memory are counted.
const FIRST: u64 = 64;

/// The threads between two looks at the address space that is left.
const FEW: u64 = 64;

/// Things that wait until they are told to end.
pub(crate) trait Waiting {
    /// Starts one more; an error if the system refuses.
    fn start(&mut self) -> io::Result<()>;
    /// Returns once all that were started wait.
    fn settle(&mut self);
    /// Tells all of them to end, and returns once they have.
    fn finish(self: Box<Self>);
}

pub(crate) fn measure(arguments: &Arguments) -> io::Result<ExitCode> {
    let (Some(&kind), Some(&count)) = (arguments.kind.first(), arguments.count.first()) else {
        return Err(io::Error::other("--child needs --kind and --count"));
    };
    if std::env::var_os(LIMITED).is_none() {
        limits::address_space(kind, arguments.limit)?;
        return begin_again();
    }
    let mut waiting: Box<dyn Waiting> = match kind {
        Kind::Goroutine => return become_go(arguments, count),
        Kind::Thread => Box::new(threads::Threads::new(None)),
        Kind::SmallThread => Box::new(threads::Threads::new(Some(threads::SMALL))),
        Kind::TokioTask => Box::new(futures_of::Tasks::new()?),
        Kind::Future => Box::new(futures_of::Bare::new()),
        Kind::FuturesUnordered => Box::new(futures_of::Unordered::new()),
    };
    let mut most = limits::most(kind);
    let areas = limits::areas();
    let (mut reached, mut stopped) = (0, None);
    // A thread that doesn't get the stack on which it handles signals ends the process.
    let mut one_by_one = false;
    let before = (Bytes::now()?, Heap::asked());
    let start = Instant::now();
    while reached < count {
        if reached == most.threads {
            stopped = Some(most.why.clone());
            break;
        }
        if kind.is_thread() && (one_by_one || reached.is_multiple_of(FEW)) {
            one_by_one = limits::address_space_is_scarce();
            if one_by_one {
                waiting.settle();
                if let Some(name) = limits::address_space_is_full() {
                    stopped = Some(name);
                    break;
                }
            }
        }
        if let Err(error) = waiting.start() {
            stopped = Some(limits::refused(reached, &error));
            break;
        }
        reached += 1;
        if kind.is_thread() && reached == FIRST {
            waiting.settle();
            most = most.with_areas(areas, FIRST);
        }
        if reached.is_multiple_of(EVERY) {
            println!("{reached}");
        }
    }
    waiting.settle();
    let started = start.elapsed();
    let after = (Bytes::now()?, Heap::asked());
    let finish = Instant::now();
    waiting.finish();
    let finished = finish.elapsed();
    let row = Row {
        kind,
        allocator: match std::env::var_os(VARIABLE) {
            Some(_) => Allocator::Mimalloc,
            None => Allocator::System,
        },
        count,
        reached,
        stopped,
        taken: Some(Taken::between(before, after, started, finished)),
    };
    println!("{}", serde_json::to_string(&row)?);
    Ok(ExitCode::SUCCESS)
}

/// Starts this program again, which is then under its limit from the beginning: mimalloc reserves a gigabyte before
/// `main`, if it can.
fn begin_again() -> io::Result<ExitCode> {
    let mut command = Command::new(std::env::current_exe()?);
    become_program(command.args(std::env::args_os().skip(1)).env(LIMITED, "1"))
}

/// Becomes the Go program, which is then under the same limit.
fn become_go(arguments: &Arguments, count: u64) -> io::Result<ExitCode> {
    let program = arguments.go.as_deref().unwrap_or("memory-go");
    become_program(Command::new(program).arg(count.to_string()))
}

#[cfg(unix)]
fn become_program(command: &mut Command) -> io::Result<ExitCode> {
    use std::os::unix::process::CommandExt;
    let error = command.exec();
    let program = command.get_program().to_string_lossy();
    Err(io::Error::other(format!("{program}: {error}")))
}

#[cfg(not(unix))]
fn become_program(command: &mut Command) -> io::Result<ExitCode> {
    let program = command.get_program().to_string_lossy().into_owned();
    let ended = command.status();
    let ended = ended.map_err(|error| io::Error::other(format!("{program}: {error}")))?;
    Ok(if ended.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
