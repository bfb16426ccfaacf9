//! A thousand requests a variant, over sockets, whose clients vanish at random moments: what does each variant still do
//! for them?

use std::process::ExitCode;

#[path = "jobs/board.rs"]
mod board;
#[path = "vanish/experiment.rs"]
mod experiment;
#[path = "jobs/service.rs"]
mod service;

fn main() -> ExitCode {
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
