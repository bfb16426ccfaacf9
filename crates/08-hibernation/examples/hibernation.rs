//! Checks what can be hibernated in a cluster, hibernates it or wakes it. See `--help`.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use clap::Parser;
use hibernation::{Limits, Resource, Scope, Tally, find, hibernate, wake};

#[path = "hibernation/arguments.rs"]
mod arguments;
#[path = "hibernation/changes.rs"]
mod changes;
#[path = "hibernation/connect.rs"]
mod connect;
#[path = "hibernation/progress.rs"]
mod progress;
#[path = "hibernation/report.rs"]
mod report;

use arguments::{Arguments, Command};
use changes::Changes;
use connect::Connection;
use report::Checked;

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(sentence) => {
            eprintln!("hibernation: {sentence}");
            ExitCode::from(2)
        }
    }
}

/// Returns whether everything is known, or was changed.
async fn run(arguments: Arguments) -> Result<bool, String> {
    let connection = connect::connect(&arguments).await?;
    let limits = arguments.limits();
    let resources = resources(&connection, &arguments, limits).await?;
    let changed = match arguments.command {
        Command::Hibernate if arguments.yes => {
            hibernate(&connection.client, &resources, limits).await
        }
        Command::Wake if arguments.yes => wake(&connection.client, &resources, limits).await,
        _ => return check(&connection, &arguments, &resources, limits).await,
    };
    let changes = Changes { changes: changed };
    arguments.print(&changes, changes.json())?;
    Ok(changes.all_known())
}

async fn resources(
    connection: &Connection,
    arguments: &Arguments,
    limits: Limits,
) -> Result<Vec<Resource>, String> {
    let scope = Scope {
        namespace: arguments.namespace.clone(),
        selector: arguments.selector.clone(),
        ..Scope::of_the_talk()
    };
    let found = find(&connection.client, &scope, limits).await;
    found.map_err(|failure| format!("can't list the resources at {}: {failure}", connection.url))
}

async fn check(
    connection: &Connection,
    arguments: &Arguments,
    resources: &[Resource],
    limits: Limits,
) -> Result<bool, String> {
    let tally = Arc::new(Tally::new());
    let progress = progress::show(&tally, resources.len());
    let start = Instant::now();
    let strategy = arguments.strategy.into();
    let checking =
        hibernation::Strategy::check(strategy, &connection.client, resources, limits, tally);
    let report = checking.await;
    let took = start.elapsed();
    drop(progress);
    let checked = Checked {
        strategy,
        report,
        took,
        would: arguments.command,
    };
    arguments.print(&checked, checked.json())?;
    Ok(checked.report.unknown().count() == 0)
}
