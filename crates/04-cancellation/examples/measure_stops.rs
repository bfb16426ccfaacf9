//! Measures the token beside its peers, and prints `benches/results.txt`. `scripts/bench cancellation` runs it.

use std::process::ExitCode;

#[path = "measure_stops/page.rs"]
mod page;
#[path = "measure_stops/rounds.rs"]
mod rounds;
#[path = "measure_stops/stopping.rs"]
mod stopping;
#[path = "measure_stops/tokens.rs"]
mod tokens;

use clap::Parser;

/// Measures the token beside its peers, in turns, and prints the results
#[derive(Parser)]
#[command(name = "measure_stops")]
pub(crate) struct Arguments {
    /// The program that prints the heap that tokens keep
    #[arg(long, value_name = "PROGRAM")]
    bytes: String,
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
    #[arg(long, value_name = "N", default_value_t = 9, value_parser = clap::value_parser!(u32).range(1..=100))]
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
            eprintln!("measure_stops: {error}");
            ExitCode::FAILURE
        }
    }
}
