//! The process that starts one process for each row.

use std::env::current_exe;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::heap::{Allocator, VARIABLE};
use crate::kind::Kind;
use crate::row::Row;
use crate::{Arguments, limits, table, talk};

/// More than any kind reaches.
const ENDLESS: u64 = 1_000_000_000;

pub(crate) fn measure(arguments: &Arguments) -> io::Result<ExitCode> {
    let mut arguments = arguments.clone();
    if arguments.talk {
        (arguments.kind, arguments.count) = (vec![Kind::Thread, Kind::Goroutine], vec![100]);
    }
    let counts = match (&*arguments.count, arguments.sweep) {
        (_, true) => vec![ENDLESS],
        ([], _) => vec![100, 10_000, 1_000_000],
        (counts, _) => counts.to_vec(),
    };
    let mut missing = false;
    if arguments.go.is_none() && needs_go(&arguments.kind) {
        match build_go() {
            Ok(program) => arguments.go = Some(program.to_string_lossy().into_owned()),
            Err(error) => {
                eprintln!("measure: no goroutine is measured: {error}");
                missing = true;
            }
        }
    }
    let mut rows = Vec::new();
    for kind in Kind::ALL {
        let wanted = arguments.kind.is_empty() || arguments.kind.contains(&kind);
        if !wanted || (kind == Kind::Goroutine && arguments.go.is_none()) {
            continue;
        }
        for &count in &counts {
            for &allocator in kind.allocators() {
                let row = row(&arguments, kind, count, allocator)?;
                if row.taken.is_none() && !arguments.sweep {
                    missing = true;
                    let why = row.stopped.as_deref().unwrap_or("it printed nothing");
                    eprintln!(
                        "measure: {} × {}: {why}",
                        table::grouped(count),
                        kind.name()
                    );
                }
                rows.push(row);
            }
        }
    }
    print(&if arguments.json {
        serde_json::to_string_pretty(&rows)? + "\n"
    } else if arguments.talk {
        talk::picture(&rows)
    } else if arguments.sweep {
        table::sweep(&rows)
    } else {
        table::table(&rows)
    })?;
    Ok(if missing {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// Writes to the standard output. A reader that has seen enough, such as `head`, is no error.
fn print(text: &str) -> io::Result<()> {
    let mut output = io::stdout().lock();
    match output
        .write_all(text.as_bytes())
        .and_then(|()| output.flush())
    {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

fn needs_go(kinds: &[Kind]) -> bool {
    kinds.is_empty() || kinds.contains(&Kind::Goroutine)
}

/// Builds the Go program beside this one.
fn build_go() -> io::Result<PathBuf> {
    let program =
        current_exe()?.with_file_name(format!("memory-go{}", std::env::consts::EXE_SUFFIX));
    let built = Command::new("go")
        .args(["build", "-o"])
        .arg(&program)
        .arg(".")
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("go"))
        .env("GOTOOLCHAIN", "local")
        .env("GOFLAGS", "-buildvcs=false")
        .output()
        .map_err(|error| io::Error::other(format!("go: {error}")))?;
    if !built.status.success() {
        let error = String::from_utf8_lossy(&built.stderr);
        return Err(io::Error::other(error.trim().to_owned()));
    }
    Ok(program)
}

/// Measures one row in a process of its own.
fn row(arguments: &Arguments, kind: Kind, count: u64, allocator: Allocator) -> io::Result<Row> {
    let limit = arguments.limit.unwrap_or(limits::default_limit(kind));
    let mut command = Command::new(current_exe()?);
    command
        .args(["--child", "--kind", &kind.flag()])
        .args(["--count", &count.to_string(), "--limit", &limit.to_string()])
        .env_remove(VARIABLE)
        // Otherwise glibc reserves 64 MiB for each of the first threads that allocate, beside their stacks.
        .env("MALLOC_ARENA_MAX", "1")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    if allocator == Allocator::Mimalloc {
        command.env(VARIABLE, "1");
    }
    if let Some(go) = &arguments.go {
        command.args(["--go", go]);
    }
    let ended = Ended::wait(command.spawn()?, Duration::from_secs(arguments.patience))?;
    let lines = ended.output.lines();
    if ended.status.success()
        && let Some(row) = lines.clone().next_back()
        && let Ok(row) = serde_json::from_str(row)
    {
        return Ok(row);
    }
    let reached = lines.filter_map(|line| line.parse().ok()).max();
    Ok(Row {
        kind,
        allocator,
        count,
        reached: reached.unwrap_or(0),
        stopped: Some(ended.why(limit)),
        taken: None,
    })
}

/// A process that has ended.
struct Ended {
    status: ExitStatus,
    output: String,
    error: String,
    /// How long it was given, if it took longer.
    late: Option<Duration>,
}

impl Ended {
    fn wait(mut child: Child, patience: Duration) -> io::Result<Ended> {
        let readers = [
            child
                .stdout
                .take()
                .map(|it| Box::new(it) as Box<dyn Read + Send>),
            child
                .stderr
                .take()
                .map(|it| Box::new(it) as Box<dyn Read + Send>),
        ]
        .map(|pipe| {
            thread::Builder::new().spawn(move || {
                let mut bytes = Vec::new();
                let read = pipe.map(|mut pipe| pipe.read_to_end(&mut bytes));
                read.transpose()
                    .map(|_| String::from_utf8_lossy(&bytes).into_owned())
            })
        });
        let [output, error] = match readers {
            [Ok(output), Ok(error)] => [output, error],
            [output, error] => {
                // The system refuses a thread. Without it, nobody would read what the process prints.
                child.kill()?;
                child.wait()?;
                return Err(output.and(error).expect_err("one of them failed"));
            }
        };
        let started = Instant::now();
        let mut late = None;
        let status = loop {
            if let Some(status) = child.try_wait()? {
                break status;
            }
            if started.elapsed() > patience && late.is_none() {
                late = Some(patience);
                child.kill()?;
            }
            thread::sleep(Duration::from_millis(5)); // std has no wait with a timeout
        };
        let read =
            |thread: thread::JoinHandle<io::Result<String>>| thread.join().expect("no panic");
        Ok(Ended {
            status,
            output: read(output)?,
            error: read(error)?,
            late,
        })
    }

    /// Says why the process could not measure. `limit` is its address space in MiB.
    fn why(&self, limit: u64) -> String {
        let error = self.error.trim();
        if let Some(patience) = self.late {
            return format!("it took longer than {} s", patience.as_secs());
        }
        if error.contains("alternative stack") {
            return "a thread started, and didn't get a stack on which to handle signals"
                .to_owned();
        }
        let memory = [
            "memory allocation of",
            "out of memory",
            "cannot allocate memory",
            "Cannot allocate memory",
        ];
        if memory.iter().any(|words| error.contains(words)) {
            return format!("its address space was limited to {limit} MiB");
        }
        if self.is_killed() {
            return "it was killed, as a process is if the machine has no memory left".to_owned();
        }
        match error.lines().next() {
            Some(line) => format!("it ended with {}: {line}", self.status),
            None => format!("it ended with {}", self.status),
        }
    }

    #[cfg(unix)]
    fn is_killed(&self) -> bool {
        use std::os::unix::process::ExitStatusExt;
        self.status.signal() == Some(9)
    }

    #[cfg(not(unix))]
    fn is_killed(&self) -> bool {
        false
    }
}
