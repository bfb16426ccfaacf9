//! Measures the maps beside their peers, and prints `benches/results.txt`. `scripts/bench sync-map` runs it.

use std::process::ExitCode;

#[path = "measure_maps/collecting.rs"]
mod collecting;
#[path = "measure_maps/mixes.rs"]
mod mixes;
#[path = "measure_maps/page.rs"]
mod page;
#[path = "measure_maps/pinned.rs"]
mod pinned;
#[path = "measure_maps/rounds.rs"]
mod rounds;
#[path = "measure_maps/stores.rs"]
mod stores;

use clap::Parser;

/// Measures the maps beside their peers, in turns, and prints the results
#[derive(Parser)]
#[command(name = "measure_maps")]
pub(crate) struct Arguments {
    /// The program that prints the heap per result
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
    /// Where to write the charts of one thread; those of two threads are printed
    #[arg(long, value_name = "FILE")]
    one_thread: std::path::PathBuf,
    /// How often each figure is measured
    #[arg(long, value_name = "N", default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..=100))]
    rounds: u32,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let rounds = match rounds::measure(&arguments) {
        Ok(rounds) => rounds,
        Err(error) => {
            eprintln!("measure_maps: {error}");
            return ExitCode::FAILURE;
        }
    };
    print!("{}", page::two_threads(&arguments, &rounds));
    match std::fs::write(&arguments.one_thread, page::one_thread(&arguments, &rounds)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("measure_maps: {}: {error}", arguments.one_thread.display());
            ExitCode::FAILURE
        }
    }
}
