//! Prints what each strategy costs. `--help` lists the options.

use std::env;
use std::ffi::OsString;
use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;
use comparison::descriptors::Descriptors;
use comparison::measured::Clock;
use comparison::table::{DESCRIPTORS, Settings, Table, grouped};
use peak_alloc::PeakAlloc;
use pool::workload::Workload;

#[global_allocator]
static ALLOCATED: PeakAlloc = PeakAlloc;

/// Compares the ways to run many items: time, tasks, items in flight, bytes and failures
#[derive(Parser)]
#[command(name = "comparison")]
struct Arguments {
    /// The durations, with a mean of 50 ms: constant, uniform, exponential, 95/5 or all
    #[arg(long, value_name = "NAME", default_value = "all", value_parser = workloads)]
    workload: Workloads,
    /// The number of items
    #[arg(long, value_name = "N", default_value = "100", value_parser = |text: &str| number(text, 1, 10_000_000))]
    items: usize,
    /// The most items in flight at once, for the strategies that have a limit
    #[arg(long, value_name = "N", default_value = "10", value_parser = |text: &str| number(text, 1, 10_000))]
    limit: usize,
    /// The seed of the durations
    #[arg(long, value_name = "N", default_value = "7", value_parser = seed)]
    seed: u64,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Use the real clock and, on Unix, real descriptors; add threads
    #[arg(long)]
    real: bool,
}

/// The workloads to compare. (clap gives a `Vec` a meaning of its own.)
#[derive(Clone, Debug)]
struct Workloads(Vec<Workload>);

fn workloads(name: &str) -> Result<Workloads, String> {
    Ok(Workloads(match name {
        "all" => Workload::ALL.to_vec(),
        "constant" => vec![Workload::Constant],
        "uniform" => vec![Workload::Uniform],
        "exponential" => vec![Workload::Exponential],
        "95/5" => vec![Workload::Stragglers],
        _ => return Err("use constant, uniform, exponential, 95/5 or all".to_owned()),
    }))
}

fn number(text: &str, least: usize, most: usize) -> Result<usize, String> {
    let allowed = text.parse().ok().filter(|it| (least..=most).contains(it));
    allowed.ok_or_else(|| {
        format!(
            "use a whole number from {} to {}",
            grouped(least),
            grouped(most)
        )
    })
}

fn seed(text: &str) -> Result<u64, String> {
    let most = u64::MAX;
    text.parse()
        .map_err(|_| format!("use a whole number from 0 to {most}"))
}

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse_from(env::args_os().map(visible)) {
        Ok(arguments) => arguments,
        Err(error) => return refuse(&error),
    };
    let clock = match arguments.real {
        true => Clock::Real,
        false => Clock::Virtual,
    };
    let descriptors = match clock {
        Clock::Real => limited(),
        Clock::Virtual => Ok(Descriptors::counted(DESCRIPTORS)),
    };
    let descriptors = match descriptors {
        Ok(descriptors) => descriptors,
        Err(error) => return fail(1, &error),
    };
    let settings = Settings {
        workloads: arguments.workload.0,
        items: arguments.items,
        limit: NonZeroUsize::new(arguments.limit).expect("0 is refused above"),
        seed: arguments.seed,
        clock,
        descriptors,
    };
    let table = Table::measure(&settings, Some(peak));
    match arguments.json {
        true => print(&table.json()),
        false => print(&format!("{}{table}", machine(clock))),
    }
}

/// Returns the argument with its control characters escaped, so that an error stays in one line. No valid argument has
/// one.
fn visible(argument: OsString) -> OsString {
    match argument.into_string() {
        Ok(text) if text.contains(char::is_control) => text.escape_debug().to_string().into(),
        Ok(text) => text.into(),
        Err(unreadable) => unreadable,
    }
}

/// Prints clap's error in one line, which says what is allowed. Help is no error.
fn refuse(error: &clap::Error) -> ExitCode {
    if let ErrorKind::DisplayHelp = error.kind() {
        return print(&error.to_string());
    }
    let text = error.to_string();
    let line = text.lines().next().unwrap_or_default();
    let line = line.trim_start_matches("error: ");
    let more = match error.kind() {
        ErrorKind::ValueValidation => "",
        _ => "; --help lists what is allowed",
    };
    fail(2, &format!("{line}{more}"))
}

/// Writes to the standard output. A reader that has seen enough, such as `head`, is no error.
fn print(text: &str) -> ExitCode {
    let mut output = io::stdout().lock();
    match output
        .write_all(text.as_bytes())
        .and_then(|()| output.flush())
    {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            fail(1, &format!("can't write the output: {error}"))
        }
        _ => ExitCode::SUCCESS,
    }
}

/// Writes one line to the standard error, and returns the exit code.
fn fail(code: u8, line: &str) -> ExitCode {
    // If this can't be written either, the code has to do.
    let _ = writeln!(io::stderr(), "comparison: {line}");
    ExitCode::from(code)
}

/// Returns a line with the machine, on which the times depend. scripts/bench says what it runs on.
fn machine(clock: Clock) -> String {
    match env::var("MACHINE") {
        Ok(machine) if clock == Clock::Real => machine + "\n",
        _ => String::new(),
    }
}

/// Limits the open files of this process. On a system without such a limit, the descriptors are counted.
fn limited() -> Result<Descriptors, String> {
    #[cfg(unix)]
    {
        let limit = DESCRIPTORS as u64;
        rlimit::setrlimit(rlimit::Resource::NOFILE, limit, limit)
            .map_err(|error| format!("--real needs a limit of {limit} open files: {error}"))?;
        Ok(Descriptors::System)
    }
    #[cfg(not(unix))]
    Ok(Descriptors::counted(DESCRIPTORS))
}

/// Bytes at the peak while `run` runs, above the bytes in use before.
fn peak(run: &mut dyn FnMut()) -> usize {
    let before = ALLOCATED.current_usage();
    ALLOCATED.reset_peak_usage();
    run();
    ALLOCATED.peak_usage().saturating_sub(before)
}
