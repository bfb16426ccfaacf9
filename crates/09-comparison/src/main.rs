//! Prints what each strategy costs. `--help` lists the options.

use std::env;
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
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return refuse(&error),
    };
    let clock = match arguments.real {
        true => Clock::Real,
        false => Clock::Virtual,
    };
    let settings = Settings {
        workloads: arguments.workload.0,
        items: arguments.items,
        limit: NonZeroUsize::new(arguments.limit).expect("0 is refused above"),
        seed: arguments.seed,
        clock,
        descriptors: match clock {
            Clock::Real => limited(),
            Clock::Virtual => Descriptors::counted(DESCRIPTORS),
        },
    };
    let table = Table::measure(&settings, Some(peak));
    match arguments.json {
        true => print!("{}", table.json()),
        false => print!("{}{table}", machine(clock)),
    }
    ExitCode::SUCCESS
}

/// Prints clap's error in one line, which says what is allowed. Help is no error.
fn refuse(error: &clap::Error) -> ExitCode {
    if let ErrorKind::DisplayHelp = error.kind() {
        print!("{error}");
        return ExitCode::SUCCESS;
    }
    let text = error.to_string();
    let line = text.lines().next().unwrap_or_default();
    let line = line.trim_start_matches("error: ");
    let more = match error.kind() {
        ErrorKind::ValueValidation => "",
        _ => "; --help lists what is allowed",
    };
    eprintln!("comparison: {line}{more}");
    ExitCode::from(2)
}

/// Returns a line with the machine, on which the times depend. scripts/bench says what it runs on.
fn machine(clock: Clock) -> String {
    match env::var("MACHINE") {
        Ok(machine) if clock == Clock::Real => machine + "\n",
        _ => String::new(),
    }
}

/// Limits the open files of this process, if the system can.
fn limited() -> Descriptors {
    #[cfg(unix)]
    {
        use rlimit::Resource;
        let limit = DESCRIPTORS as u64;
        if rlimit::setrlimit(Resource::NOFILE, limit, limit).is_ok() {
            return Descriptors::System;
        }
    }
    Descriptors::counted(DESCRIPTORS)
}

/// Bytes at the peak while `run` runs, above the bytes in use before.
fn peak(run: &mut dyn FnMut()) -> usize {
    let before = ALLOCATED.current_usage();
    ALLOCATED.reset_peak_usage();
    run();
    ALLOCATED.peak_usage().saturating_sub(before)
}
