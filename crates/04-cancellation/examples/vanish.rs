//! Sends a thousand requests per variant over sockets. Most clients vanish at a random moment before the answer. Counts
//! what each variant still does for them.

use std::process::ExitCode;

use clap::Parser;

#[path = "jobs/board.rs"]
mod board;
#[path = "vanish/experiment.rs"]
mod experiment;
#[path = "jobs/service.rs"]
mod service;

/// A thousand requests per variant, whose clients vanish: prints what the server still does for them
#[derive(Parser)]
#[command(name = "vanish")]
struct Arguments {}

fn main() -> ExitCode {
    let Arguments {} = Arguments::parse();
    println!("{}", experiment::heading());
    for variant in experiment::VARIANTS {
        match experiment::run(variant, 1_000) {
            Ok(counted) => println!("{counted}"),
            Err(error) => {
                eprintln!("vanish: {error}");
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}
