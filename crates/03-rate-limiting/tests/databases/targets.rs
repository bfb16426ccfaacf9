//! The two databases that the tests run over.

use std::env;
use std::io::{self, BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::Duration;

use rate_limiting::CheckError;
use sqlx::ConnectOptions;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use tokio::runtime::Runtime;
use tokio::time::{sleep, timeout};

use crate::client::check_error;
use crate::database::Target;

/// How long a test may take. None comes near it.
const DEADLINE: Duration = Duration::from_secs(300);

/// Runs a test over an embedded database with 10 connections.
pub(crate) fn over_embedded<Fut: Future<Output = ()>>(test: impl FnOnce(Target) -> Fut) {
    run(test(Target::Embedded { connections: 10 }));
}

/// Runs a test over PostgreSQL, if there is one. The tests take turns, because they share its connections.
pub(crate) fn over_postgresql<Fut: Future<Output = ()>>(test: impl FnOnce(Target) -> Fut) {
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let url = match &*URL {
        Ok(url) => url,
        Err(why) => return skip(why),
    };
    run(async {
        let target = wait_until_free(url).await;
        if target.connections() < 4 || target.connections() > 200 {
            return skip(&format!(
                "{target}; the tests need from 4 to 200 free connections"
            ));
        }
        test(target).await;
    });
}

/// Waits until PostgreSQL has closed the connections of earlier tests.
pub(crate) async fn wait_until_free(url: &str) -> Target {
    static MOST: AtomicUsize = AtomicUsize::new(0);
    let mut tries = 0;
    loop {
        // The one who asks has a connection, too, and PostgreSQL takes a while to close it. So this isn't asked twice.
        let target = Target::postgres(url).await;
        let free = target.as_ref().map_or(0, Target::connections);
        // Relaxed: the tests that call this take turns.
        let most = MOST.fetch_max(free, Relaxed);
        tries += 1;
        // Others may use this PostgreSQL too, so its connections may never be as many again as they once were.
        if (free > 0 && free >= most) || tries == 500 {
            return target.unwrap();
        }
        sleep(Duration::from_millis(20)).await;
    }
}

/// Opens all connections that the database has. Asks again if PostgreSQL is still closing an earlier one.
pub(crate) async fn take_all(target: &Target, options: &PgConnectOptions) -> Vec<PgConnection> {
    let mut taken = Vec::new();
    while taken.len() < target.connections() {
        match options.connect().await {
            Ok(connection) => taken.push(connection),
            Err(error) => {
                assert_eq!(check_error(&error), CheckError::TooManyConnections);
                sleep(Duration::from_millis(20)).await;
            }
        }
    }
    taken
}

/// The address of a PostgreSQL, or why there is none.
pub(crate) static URL: LazyLock<Result<String, String>> =
    LazyLock::new(|| match env::var("DATABASE_URL") {
        Ok(url) => Ok(url),
        Err(_) => private(),
    });

/// Starts a private PostgreSQL. It stops when this process ends, because that closes its standard input.
fn private() -> Result<String, String> {
    static PRIVATE: Mutex<Option<Child>> = Mutex::new(None);
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts/postgres");
    let mut child = Command::new(script)
        .args(["bash", "-c", "echo \"$DATABASE_URL\"; exec cat"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("scripts/postgres can't be run: {error}"))?;
    let mut line = String::new();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    output.read_line(&mut line).unwrap();
    *PRIVATE.lock().unwrap() = Some(child);
    match line.trim() {
        "" => Err("scripts/postgres starts none; see above".to_owned()),
        url => Ok(url.to_owned()),
    }
}

fn run(test: impl Future<Output = ()>) {
    #[cfg(unix)]
    rlimit::increase_nofile_limit(10_000).unwrap();
    let runtime = Runtime::new().unwrap();
    let done = runtime.block_on(async { timeout(DEADLINE, test).await });
    assert!(done.is_ok(), "the test hangs");
}

/// Says so, past the test harness, which hides what a passing test prints. With `CI=true` no test may be skipped.
fn skip(why: &str) {
    assert!(env::var_os("CI").is_none_or(|ci| ci != "true"), "{why}");
    let name = std::thread::current().name().unwrap_or_default().to_owned();
    let _ = writeln!(io::stderr(), "skipped: {name}: no PostgreSQL: {why}");
}
