//! Measures the broker and its peers: many clients in this process, and the server in a child process.

#[path = "load/clients.rs"]
mod clients;
#[path = "load/clock.rs"]
mod clock;
#[path = "load/figures.rs"]
mod figures;
#[path = "load/flags.rs"]
mod flags;
#[path = "load/histogram.rs"]
mod histogram;
#[path = "load/parse.rs"]
mod parse;
#[path = "load/process.rs"]
mod process;
#[path = "load/publisher.rs"]
mod publisher;
#[path = "load/run.rs"]
mod run;
#[path = "load/server.rs"]
mod server;
#[path = "load/stalled.rs"]
mod stalled;
#[path = "load/suite.rs"]
mod suite;
#[path = "load/watch.rs"]
mod watch;

use std::process::ExitCode;

use figures::Figures;
use flags::Flags;
use server::Programs;
use watch::Watch;

fn main() -> ExitCode {
    let flags = match Flags::read() {
        Ok(flags) => flags,
        Err(status) => return status,
    };
    match act(&flags) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("load: {error}");
            ExitCode::FAILURE
        }
    }
}

fn act(flags: &Flags) -> Result<(), String> {
    let watch = Watch::start()?;
    let programs = Programs::new(&watch)?;
    if flags.suite {
        return suite::run(flags, &programs, &watch);
    }
    let runs = (0..flags.runs)
        .map(|_| run::run(&flags.plan, &programs, &watch))
        .collect::<Result<Vec<Figures>, String>>()?;
    let figures = Figures::of_runs(&runs);
    if flags.json {
        println!("{}", figures.json(&flags.plan, flags.runs));
    } else {
        print!("{}", figures.text(&flags.plan, flags.runs));
    }
    Ok(())
}
