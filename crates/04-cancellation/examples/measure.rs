//! Measures the token beside its peers, and prints `benches/results.txt`. `scripts/bench cancellation` runs it.

use std::process::ExitCode;

#[path = "measure/page.rs"]
mod page;
#[path = "measure/rounds.rs"]
mod rounds;
#[path = "measure/stopping.rs"]
mod stopping;
#[path = "measure/tokens.rs"]
mod tokens;

use clap::Parser;

/// Measures the token beside its peers, in turns, and prints the results
#[derive(Parser)]
#[command(name = "measure")]
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
            eprintln!("measure: {error}");
            ExitCode::FAILURE
        }
    }
}
