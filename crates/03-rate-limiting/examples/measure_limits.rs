//! Measures the limits beside their peers, and prints `benches/results.txt`. `scripts/bench rate-limiting` runs it.

use std::process::ExitCode;

use clap::Parser;

#[path = "measure_limits/page.rs"]
mod page;
#[path = "measure_limits/pinned.rs"]
mod pinned;
#[path = "measure_limits/rounds.rs"]
mod rounds;
#[path = "measure_limits/subjects.rs"]
mod subjects;

/// Measures a bucket and permits beside their peers, in turns, and prints the results
#[derive(Parser)]
#[command(name = "measure_limits")]
pub(crate) struct Arguments {
    /// The Go program that prints its own figures
    #[arg(long, value_name = "PROGRAM")]
    go: Option<String>,
    /// The line that names the machine
    #[arg(long, value_name = "TEXT", default_value = "")]
    machine: String,
    /// The line that names the compilers
    #[arg(long, value_name = "TEXT", default_value = "")]
    compilers: String,
    /// How often each figure is measured
    #[arg(long, value_name = "N", default_value_t = 15, value_parser = clap::value_parser!(u32).range(1..=100))]
    rounds: u32,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match rounds::measure(&arguments) {
        Ok(rounds) => {
            print!("{}", page::page(&arguments, &rounds));
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("measure_limits: {error}");
            ExitCode::FAILURE
        }
    }
}
