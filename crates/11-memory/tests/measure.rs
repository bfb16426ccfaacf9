//! The example that measures: its rows, the limits that it names, and its exit status.

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// Runs the example, which Cargo builds for the tests.
fn measure(arguments: &[&str]) -> Output {
    measure_to(arguments, Stdio::piped())
}

fn measure_to(arguments: &[&str], to: impl Into<Stdio>) -> Output {
    let this = std::env::current_exe().unwrap();
    let folder = this.parent().and_then(|deps| deps.parent()).unwrap();
    let program: PathBuf = folder.join("examples").join("measure");
    let mut command = Command::new(program);
    command.args(arguments).stdout(to).stderr(Stdio::piped());
    command.spawn().unwrap().wait_with_output().unwrap()
}

fn printed(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn error(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn a_bad_flag_is_named_and_is_status_2() {
    for (arguments, words) in [
        (&["--kind", "fibre"][..], "'fibre'"),
        (&["--count", "0"], "1..=1000000000"),
        (&["--limit", "1"], "64..=1048576"),
        (&["--talk", "--json"], "'--json'"),
        (&["--sweep", "--count", "5"], "'--count <N>'"),
        (&["extra"], "'extra'"),
    ] {
        let output = measure(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(
            error(&output).contains(words),
            "{arguments:?}: {}",
            error(&output)
        );
        assert!(output.stdout.is_empty());
    }
}

/// Futures are the same on every machine, so the bytes that they ask for are, too.
#[test]
fn a_row_is_measured_by_each_allocator() {
    let output = measure(&["--kind", "future", "--count", "10000", "--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", error(&output));
    let rows: Value = serde_json::from_slice(&output.stdout).unwrap();
    let rows = rows.as_array().unwrap();
    assert_eq!(rows.len(), 2);
    for (row, allocator) in rows.iter().zip(["system", "mimalloc"]) {
        assert_eq!(row["kind"], "future");
        assert_eq!(row["allocator"], allocator);
        assert_eq!(row["reached"], 10_000);
        let asked = row["taken"]["asked"].as_u64().unwrap() / 10_000;
        assert!(
            (64..=128).contains(&asked),
            "a future asks for {asked} bytes"
        );
        assert!(row["taken"]["resident"].as_u64().unwrap() > 0);
    }
}

#[test]
fn every_kind_of_rust_starts_and_ends() {
    let kinds = [
        "thread",
        "small-thread",
        "tokio-task",
        "future",
        "futures-unordered",
    ];
    let mut arguments = vec!["--count", "100"];
    for kind in kinds {
        arguments.extend(["--kind", kind]);
    }
    let output = measure(&arguments);
    assert_eq!(output.status.code(), Some(0), "{}", error(&output));
    let table = printed(&output);
    for row in [
        "thread  ",
        "thread, 16 KiB stack",
        "Tokio task, mimalloc",
        "FuturesUnordered, mimalloc",
    ] {
        assert!(table.contains(row), "{table}");
    }
    assert!(
        table.lines().all(|line| line.chars().count() <= 80),
        "{table}"
    );
}

/// A process that runs out of memory aborts. The parent says why, and goes on with the next row.
#[test]
#[cfg(target_os = "linux")]
fn a_row_that_is_missing_is_named_and_is_status_1() {
    let output = measure(&[
        "--kind", "future", "--count", "3000000", "--count", "100", "--limit", "128",
    ]);
    assert_eq!(output.status.code(), Some(1));
    let error = error(&output);
    let sentence = "measure: 3,000,000 × future: its address space was limited to 128 MiB\n";
    assert_eq!(error, sentence.repeat(2));
    let table = printed(&output);
    assert!(table.contains("100 of each"), "{table}");
    assert_eq!(table.matches("not measured").count(), 2, "{table}");
}

/// A system that refuses a thread is no failure: the row has the threads that could be started.
#[test]
#[cfg(target_os = "linux")]
fn threads_go_as_far_as_the_limit_which_is_named() {
    let output = measure(&[
        "--kind", "thread", "--count", "10000", "--limit", "512", "--json",
    ]);
    assert_eq!(output.status.code(), Some(0), "{}", error(&output));
    let rows: Value = serde_json::from_slice(&output.stdout).unwrap();
    let reached = rows[0]["reached"].as_u64().unwrap();
    assert!(
        (100..256).contains(&reached),
        "{reached} stacks of 2 MiB in 512 MiB"
    );
    assert_eq!(
        rows[0]["stopped"],
        "its address space was limited to 512 MiB"
    );
}

#[test]
fn a_process_that_takes_too_long_is_ended() {
    let endless = [
        "--kind",
        "future",
        "--count",
        "1000000000",
        "--patience",
        "1",
        "--limit",
        "1048576",
    ];
    let output = measure(&endless);
    assert_eq!(output.status.code(), Some(1));
    let lines = error(&output);
    assert!(
        lines.contains("1,000,000,000 × future: it took longer than 1 s\n"),
        "{lines}"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_named_and_a_reader_that_has_gone_is_no_error() {
    let few = ["--kind", "future", "--count", "10"];
    let full = || std::fs::File::options().write(true).open("/dev/full");
    for more in [&[][..], &["--json"]] {
        let arguments = [&few, more].concat();
        let output = measure_to(&arguments, full().unwrap());
        assert_eq!(output.status.code(), Some(1));
        assert!(
            error(&output).starts_with("measure: No space left"),
            "{output:?}"
        );
        assert_eq!(error(&output).lines().count(), 1);
    }
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = measure_to(&few, writer);
    assert!(
        output.status.success() && output.stderr.is_empty(),
        "{output:?}"
    );
}

#[test]
fn a_missing_go_program_is_named() {
    let output = measure(&["--kind", "goroutine", "--count", "1", "--go", "/nowhere/go"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        error(&output).contains("/nowhere/go: "),
        "{}",
        error(&output)
    );
}
