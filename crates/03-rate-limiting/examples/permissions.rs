//! Checks a thousand permissions against a database that admits ten connections, and prints what the database saw.

use std::env;
use std::num::NonZeroUsize;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use rate_limiting::Limits;

use database::Target;
use experiment::{Run, Variant};
use overflows::overflows;
use table::{HEADING, LEGEND, Row};

#[path = "permissions/client.rs"]
mod client;
#[path = "permissions/database.rs"]
mod database;
#[path = "permissions/embedded.rs"]
mod embedded;
#[path = "permissions/experiment.rs"]
mod experiment;
#[path = "permissions/listening.rs"]
mod listening;
#[path = "permissions/messages.rs"]
mod messages;
#[path = "permissions/observer.rs"]
mod observer;
#[path = "permissions/overflows.rs"]
mod overflows;
#[path = "permissions/proxy.rs"]
mod proxy;
#[path = "permissions/question.rs"]
mod question;
#[path = "permissions/table.rs"]
mod table;

/// How long a check waits for a connection of the pool.
const PATIENCE: Duration = Duration::from_millis(500);

/// Checks permissions against a database, and prints what the database saw.
///
/// Without an address, the database is embedded in this process and speaks PostgreSQL's protocol. scripts/postgres runs
/// a command with a private PostgreSQL, whose address is in DATABASE_URL.
#[derive(Parser)]
#[command(name = "permissions")]
struct Arguments {
    /// The address of a PostgreSQL [default: the variable DATABASE_URL, if it is set]
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    /// Run only this variant
    #[arg(long, value_enum)]
    variant: Option<Variant>,
    /// The number of permissions
    #[arg(long, value_name = "N", default_value = "1000", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    permissions: u32,
    /// The number of connections that the embedded database admits and the pool may have
    #[arg(long, value_name = "N", default_value = "10", value_parser = clap::value_parser!(u32).range(1..=1_000))]
    connections: u32,
    /// The time that the database takes for an answer
    #[arg(long, value_name = "MS", default_value = "15", value_parser = clap::value_parser!(u32).range(0..=10_000))]
    latency_ms: u32,
    /// The database goes away after this many answers
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    gone_after: Option<u32>,
}

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) if error.use_stderr() => {
            // The first line has the reason; clap prints more.
            let words = error.to_string();
            let line = words.lines().find(|line| !line.trim().is_empty());
            let line = line.unwrap_or_default().trim_start_matches("error: ");
            eprintln!("permissions: {line}");
            return ExitCode::from(2);
        }
        Err(help) => help.exit(),
    };
    // Each connection takes a file at either end, and two more in the proxy.
    #[cfg(unix)]
    let _ = rlimit::increase_nofile_limit(4 * u64::from(arguments.permissions) + 100);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let run = match runtime {
        Ok(runtime) => runtime.block_on(run(arguments)),
        Err(error) => Err(error.to_string()),
    };
    match run {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("permissions: {why}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), String> {
    let target = match arguments
        .database_url
        .or_else(|| env::var("DATABASE_URL").ok())
    {
        Some(url) => Target::postgres(&url).await?,
        None => Target::Embedded {
            connections: arguments.connections as usize,
        },
    };
    let connections = (arguments.connections as usize).min(target.connections());
    let Some(connections) = NonZeroUsize::new(connections) else {
        return Err("the database has no free connection for this role".to_owned());
    };
    let limits = Limits {
        connections,
        ..Limits::TALK
    };
    let latency = Duration::from_millis(arguments.latency_ms.into());
    let pool = Some(PATIENCE);
    let variants = match &arguments.variant {
        Some(variant) => std::slice::from_ref(variant),
        None => &Variant::ALL[..],
    };

    // scripts/bench says what it runs on.
    if let Ok(machine) = env::var("MACHINE") {
        println!("{machine}");
    }
    println!("Database: {target}");
    println!(
        "Pool:     at most {connections} connections; a check waits {} ms for one",
        PATIENCE.as_millis(),
    );
    println!(
        "Bucket:   {} checks at once, then one every {} ms",
        limits.burst,
        limits.rate.interval().as_millis(),
    );
    println!("\n{HEADING}");
    for &variant in variants {
        // Whether there is a pool, and how long an answer takes.
        let settings = match variant {
            Variant::Unlimited => vec![(None, latency), (pool, latency)],
            Variant::Batches | Variant::Window => vec![(pool, latency)],
            Variant::TokenBucket => vec![(pool, latency), (None, 2 * latency), (pool, 2 * latency)],
        };
        for (pool, latency) in settings {
            let run = Run {
                variant,
                pool,
                permissions: arguments.permissions as usize,
                limits,
                latency,
                gone_after: arguments.gone_after.map(|answers| answers as usize),
            };
            let before = overflows();
            let report = run
                .against(&target)
                .await
                .map_err(|error| error.to_string())?;
            let overflows = overflows()
                .zip(before)
                .map(|(after, before)| after - before);
            println!(
                "{}",
                Row {
                    report: &report,
                    overflows
                }
            );
        }
    }
    println!("\n{LEGEND}");
    Ok(())
}
