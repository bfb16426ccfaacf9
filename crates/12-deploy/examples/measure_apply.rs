//! Measures the program on the real clock: the chapter's manifest, by server-side apply to 50 embedded servers that take
//! 2 s for a PATCH and nothing for the rest. `scripts/bench deploy` runs it, and writes
//! `benches/apply.txt`.

use std::error::Error;
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::time::Instant;

use clap::Parser;
use diagram::{Bars, Measurement, WIDTH};
use serde_json::Value;

/// The talk's figure, in seconds.
const EXPECTED: f64 = 10.0;

/// Measures rollouts of the program to 50 embedded servers, in turns, and prints the results
#[derive(Parser)]
#[command(name = "measure_apply")]
struct Arguments {
    /// The program
    #[arg(long, value_name = "PATH")]
    program: PathBuf,
    /// The line that names the machine
    #[arg(long, value_name = "TEXT", default_value = "")]
    machine: String,
    /// The line that names the compilers
    #[arg(long, value_name = "TEXT", default_value = "")]
    compilers: String,
    /// How often each strategy is measured
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=100))]
    rounds: u32,
}

/// The seconds of each round.
#[derive(Default)]
struct Measured {
    batches: Vec<f64>,
    window: Vec<f64>,
    /// With the start of the servers and the look at what they have.
    whole_program: Vec<f64>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match measure(&arguments) {
        Ok(measured) => {
            print!("{}", page(&arguments, &measured));
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("measure_apply: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measure(arguments: &Arguments) -> Result<Measured, Box<dyn Error>> {
    let mut measured = Measured::default();
    for _ in 0..arguments.rounds {
        measured.batches.push(roll_out(arguments, "batches")?);
        let start = Instant::now();
        measured.window.push(roll_out(arguments, "window")?);
        measured.whole_program.push(start.elapsed().as_secs_f64());
    }
    Ok(measured)
}

/// Runs the program once. Returns the seconds from the beginning of the first cluster to the end of the last.
fn roll_out(arguments: &Arguments, strategy: &str) -> Result<f64, Box<dyn Error>> {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/manifest.yaml");
    let mut program = Command::new(&arguments.program);
    program.args(["--file", manifest, "--strategy", strategy, "--json"]);
    let output = program.output()?;
    let report: Value = serde_json::from_slice(&output.stdout)?;
    match (
        &report["counts"]["applied"],
        report["milliseconds"].as_f64(),
    ) {
        (applied, Some(milliseconds)) if *applied == 50 => Ok(milliseconds / 1e3),
        _ => Err(format!("{strategy}: {report:#}").into()),
    }
}

fn page(arguments: &Arguments, measured: &Measured) -> String {
    let row = |name: &str, seconds: &[f64]| {
        let (low, median, high) = spread(seconds);
        match low < high {
            true => Measurement::new(name, median).between(low, high),
            false => Measurement::new(name, median),
        }
    };
    let bars = Bars {
        title: Some("the program: 50 servers that take 2 s for a PATCH, ten at once".to_owned()),
        unit: "s".to_owned(),
        rows: vec![
            row("batches", &measured.batches),
            row("window", &measured.window),
            row("window, with the start", &measured.whole_program),
        ],
        ..Bars::default()
    };
    let bars = bars
        .text(WIDTH)
        .unwrap_or_else(|error| format!("{error}\n"));
    let (low, median, high) = spread(&measured.window);
    let verdict = if low <= EXPECTED * 1.05 {
        "met"
    } else {
        "missed"
    };
    let (low, median, high) = (low / EXPECTED, median / EXPECTED, high / EXPECTED);
    let Arguments {
        machine,
        compilers,
        rounds,
        ..
    } = arguments;
    format!(
        "$ scripts/bench deploy
{machine}
{compilers}

Medians of {rounds} rounds, in turns (lowest to highest).

{bars}
Target: met if the range of the rounds' ratios reaches it
window ÷ 10 s at most 1.05 ({median:.3}, {low:.3} to {high:.3}): {verdict}
"
    )
}

/// The lowest, the median and the highest.
fn spread(seconds: &[f64]) -> (f64, f64, f64) {
    let mut sorted = seconds.to_vec();
    sorted.sort_by(f64::total_cmp);
    (
        sorted[0],
        sorted[sorted.len() / 2],
        sorted[sorted.len() - 1],
    )
}
