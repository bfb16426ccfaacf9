//! Measures the variants beside their peers, and prints `benches/results.txt`. `scripts/bench fan-out` runs it.

use std::process::ExitCode;

use clap::Parser;

#[path = "measure_pages/branches.rs"]
mod branches;
#[path = "page/handler.rs"]
mod handler;
#[path = "measure_pages/pages.rs"]
mod pages;
#[path = "measure_pages/peers.rs"]
mod peers;
#[path = "page/remote.rs"]
mod remote;
#[path = "measure_pages/results.rs"]
mod results;
#[path = "measure_pages/rounds.rs"]
mod rounds;
#[path = "page/service.rs"]
mod service;

/// Measures the variants beside their peers, in turns, and prints the results
#[derive(Parser)]
#[command(name = "measure_pages")]
pub(crate) struct Arguments {
    /// The program that prints what branches allocate
    #[arg(long, value_name = "PROGRAM")]
    allocations: String,
    /// The Go program that prints its own figures, and serves its own page
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
            print!("{}", results::page(&arguments, &rounds));
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("measure_pages: {error}");
            ExitCode::FAILURE
        }
    }
}
