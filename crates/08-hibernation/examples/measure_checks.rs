//! Measures the strategies and their peers against an embedded server that takes 50 ms per call, in turns, and prints
//! `benches/results.txt`. `scripts/bench hibernation` runs it.

use std::process::ExitCode;

use clap::Parser;

#[path = "measure_checks/peers.rs"]
mod peers;
#[path = "measure_checks/results.rs"]
mod results;

/// Measures the strategies beside their peers, in turns, and prints the results
#[derive(Parser)]
#[command(name = "measure_checks")]
pub(crate) struct Arguments {
    /// The Go program that checks in batches
    #[arg(long, value_name = "PROGRAM")]
    go: Option<String>,
    /// The line that names the machine
    #[arg(long, value_name = "TEXT", default_value = "")]
    machine: String,
    /// The line that names the compilers
    #[arg(long, value_name = "TEXT", default_value = "")]
    compilers: String,
    /// How often each check is measured
    #[arg(long, value_name = "N", default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..=100))]
    rounds: u32,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match peers::measure(&arguments).await {
        Ok(measured) => {
            print!("{}", results::page(&arguments, &measured));
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("measure_checks: {error}");
            ExitCode::FAILURE
        }
    }
}
