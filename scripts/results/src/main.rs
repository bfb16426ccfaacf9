//! Redraws a chapter's `benches/results.txt`; `scripts/bench` calls it.

use std::error::Error;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use results::{Head, criterion, go, page};

/// Redraws a chapter's benchmark results from what Criterion and Go measured.
#[derive(Parser)]
struct Arguments {
    /// The command that ran the benchmarks
    #[arg(long)]
    command: String,
    /// The date, the processor and its number of cores
    #[arg(long)]
    machine: String,
    /// The compilers' versions
    #[arg(long)]
    compilers: String,
    /// The folder with Criterion's results
    #[arg(long)]
    criterion: PathBuf,
    /// The output of `go test -bench`
    #[arg(long)]
    go: Option<PathBuf>,
    /// A text to append below the figures
    #[arg(long)]
    notes: Option<PathBuf>,
    /// The file to write
    #[arg(long)]
    out: PathBuf,
}

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("results: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: Arguments) -> Result<(), Box<dyn Error>> {
    let mut measured = criterion::read(&arguments.criterion)?;
    if let Some(output) = arguments.go {
        measured.extend(go::read(&fs::read_to_string(output)?));
    }
    if measured.is_empty() {
        return Err("no results: does the package have benchmarks?".into());
    }
    let head = Head {
        command: arguments.command,
        machine: arguments.machine,
        compilers: arguments.compilers,
        notes: arguments.notes.map(fs::read_to_string).transpose()?,
    };
    fs::write(arguments.out, page(&head, &measured)?)?;
    Ok(())
}
