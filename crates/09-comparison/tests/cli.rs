//! The program: its flags, and what it says about bad ones.

use std::process::{Command, Output};

use serde_json::Value;

fn run(arguments: &[&str]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_comparison"));
    program.args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn a_bad_value_gets_one_line_that_says_what_is_allowed() {
    for (arguments, words) in [
        (&["--workload", "none"][..], "'none'"),
        (
            &["--workload", ""],
            "use constant, uniform, exponential, 95/5 or all",
        ),
        (&["--items", "0"], "use a whole number from 1 to 10,000,000"),
        (&["--items", "10000001"], "from 1 to 10,000,000"),
        (&["--items=-1"], "from 1 to 10,000,000"),
        (&["--items", "ten"], "'ten'"),
        (&["--limit", "0"], "use a whole number from 1 to 10,000"),
        (&["--limit", "99999999999999999999999"], "from 1 to 10,000"),
        (&["--seed=-1"], "from 0 to 18446744073709551615"),
        (&["--seed"], "--help lists what is allowed"),
        (&["--jsno"], "--help lists what is allowed"),
        (&["extra"], "'extra'"),
    ] {
        let output = run(arguments);
        let error = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {error}");
        assert!(error.contains(words), "{arguments:?}: {error}");
        assert_eq!(error.lines().count(), 1, "{arguments:?}: {error}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn the_figures_are_those_of_the_library_and_the_bytes_are_measured() {
    let output = run(&["--json", "--workload", "constant", "--items", "1000"]);
    assert!(output.status.success());
    let table: Value = serde_json::from_slice(&output.stdout).unwrap();
    let rows = table["workloads"][0]["strategies"].as_array().unwrap();
    let failed: Vec<_> = rows.iter().map(|row| row["failed"].as_u64()).collect();
    assert_eq!(failed, [0, 850, 0, 0, 0].map(Some));
    let bytes: Vec<_> = rows
        .iter()
        .map(|row| row["bytes"].as_u64().unwrap())
        .collect();
    let [sequential, unlimited, _, window, _] = bytes[..] else {
        panic!("five strategies: {bytes:?}");
    };
    assert!(sequential < window && window < unlimited, "{bytes:?}");
}

/// Two items of 50 ms, so that the test takes less than a second.
#[test]
fn the_real_clock_adds_threads() {
    let output = run(&[
        "--real",
        "--workload",
        "constant",
        "--items",
        "2",
        "--limit",
        "2",
    ]);
    let table = text(&output.stdout);
    assert!(output.status.success(), "{table}");
    let threads = table.lines().find(|line| line.starts_with("threads"));
    let threads: Vec<&str> = threads.unwrap().split_whitespace().collect();
    // Two threads, two items in flight, and no failure.
    assert_eq!(
        [threads[3], threads[4], threads[6]],
        ["2", "2", "0"],
        "{table}"
    );
}

#[test]
fn help_lists_the_options() {
    let output = run(&["--help"]);
    assert!(output.status.success());
    let help = text(&output.stdout);
    for option in [
        "--workload",
        "--items",
        "--limit",
        "--seed",
        "--json",
        "--real",
    ] {
        assert!(help.contains(option), "{help}");
    }
}
