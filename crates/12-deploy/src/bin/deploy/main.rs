//! Applies a manifest to many clusters. See `--help`.

use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use deploy::kubernetes::Manifest;
use tokio::runtime::Runtime;

mod arguments;
mod clusters;
mod look;
mod progress;
mod report;
mod signals;
mod state;
mod words;

use arguments::Arguments;
use clusters::{Clusters, Target};
use progress::Progress;
use report::Report;
use signals::Signals;
use state::State;

/// Why nothing was begun.
enum Refused {
    /// The arguments make no sense together.
    Usage(String),
    /// Something that the arguments name can't be used.
    Input(String),
    /// A signal came first.
    Signal(u8),
}

impl From<String> for Refused {
    fn from(sentence: String) -> Refused {
        Refused::Input(sentence)
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = match Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            words::say(format!("can't start threads: {error}"));
            return ExitCode::from(1);
        }
    };
    let status = match runtime.block_on(run(&arguments)) {
        Ok(status) => status,
        Err(Refused::Signal(status)) => {
            words::say("stopped before anything was begun");
            status
        }
        Err(Refused::Usage(sentence)) => {
            words::say(&sentence);
            2
        }
        Err(Refused::Input(sentence)) => {
            words::say(&sentence);
            1
        }
    };
    // What is known has been said. A name that is still being looked up isn't waited for.
    runtime.shutdown_background();
    ExitCode::from(status)
}

/// Returns the exit status of a rollout that was begun.
async fn run(arguments: &Arguments) -> Result<u8, Refused> {
    let plan = arguments.plan().map_err(Refused::Usage)?;
    let signals = Signals::listen()?;
    let manifest = read(arguments)?;
    let state = State::open(arguments, &manifest)?;
    let clusters = signals
        .unless_stopped(clusters::connect(arguments, &manifest))
        .await??;
    let Clusters { targets, .. } = &clusters;
    let (earlier, left): (Vec<Target>, Vec<Target>) = targets
        .iter()
        .cloned()
        .partition(|target| state.has(target));
    signals
        .unless_stopped(look::look(&left, arguments.patience()))
        .await??;
    let recorder = state.begin()?;

    let progress = Progress::new(&left, earlier.len());
    let (showing, recording, observed) = (progress.clone(), recorder.clone(), left.clone());
    let plan = plan
        .stopped_by(signals.token())
        .observed_by(move |index, event| {
            recording.observe(&observed[index], &event);
            showing.observe(index, &event);
        });
    signals.stopping(progress.clone());
    let start = Instant::now();
    let apply = |target: Target| async move { target.cluster.apply().await };
    let rollout = arguments.strategy().deploy(left, plan, apply).await;
    let took = start.elapsed();
    progress.finish();
    let written = recorder.finish();
    if let Err(sentence) = &written {
        words::say(sentence);
    }
    let report = Report::new(arguments, &manifest, targets, rollout, took).await;
    let printed = words::print(&report, arguments.json);
    if let Err(sentence) = &printed {
        words::say(sentence);
    }
    match report.status(signals.caught()) {
        0 if written.is_err() || printed.is_err() => Ok(5),
        status => Ok(status),
    }
}

fn read(arguments: &Arguments) -> Result<Manifest, String> {
    let path = arguments.file.display();
    let text = std::fs::read_to_string(&arguments.file)
        .map_err(|error| format!("can't read {path}: {error}"))?;
    Manifest::parse(&text).map_err(|error| format!("{path}: {error}"))
}
