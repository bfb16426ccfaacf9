//! The program: its flags, and what it says about bad ones.

use std::io;
use std::num::NonZeroUsize;
use std::process::{Command, Output, Stdio};

use comparison::descriptors::Descriptors;
use comparison::measured::Clock;
use comparison::table::{DESCRIPTORS, Settings, Table};
use pool::workload::Workload;
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
        (
            &["--items", "5\n6"],
            "use a whole number from 1 to 10,000,000",
        ),
        (
            &["--workload", "\n"],
            "use constant, uniform, exponential, 95/5 or all",
        ),
        (&["ex\ntra"], "--help lists what is allowed"),
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
    // One thread, if it has finished before the other starts; and no failure.
    let at_most_two = |text: &str| ["1", "2"].contains(&text);
    assert!(
        at_most_two(threads[3]) && at_most_two(threads[4]),
        "{table}"
    );
    assert_eq!(threads[6], "0", "{table}");
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

/// Each flag changes its setting, and only that.
#[test]
fn the_figures_are_those_of_the_library() {
    let flags = |flags: &[&str], workloads: &[Workload], items, limit, seed| {
        let output = run(&[&["--json"], flags].concat());
        assert!(output.status.success(), "{output:?}");
        let settings = Settings {
            workloads: workloads.to_vec(),
            items,
            limit: NonZeroUsize::new(limit).unwrap(),
            seed,
            clock: Clock::Virtual,
            descriptors: Descriptors::counted(DESCRIPTORS),
        };
        let mut printed: Value = serde_json::from_slice(&output.stdout).unwrap();
        for workload in printed["workloads"].as_array_mut().unwrap() {
            for row in workload["strategies"].as_array_mut().unwrap() {
                let bytes = row.as_object_mut().unwrap().remove("bytes");
                assert!(bytes.unwrap().as_u64() > Some(0));
            }
        }
        let measured = Table::measure(&settings, None).json();
        let measured: Value = serde_json::from_str(&measured).unwrap();
        assert_eq!(printed, measured, "{flags:?}");
    };
    flags(&[], &Workload::ALL, 100, 10, 7);
    flags(&["--workload", "all"], &Workload::ALL, 100, 10, 7);
    flags(
        &["--workload", "constant"],
        &[Workload::Constant],
        100,
        10,
        7,
    );
    flags(&["--workload", "uniform"], &[Workload::Uniform], 100, 10, 7);
    flags(
        &["--workload", "exponential"],
        &[Workload::Exponential],
        100,
        10,
        7,
    );
    flags(&["--workload", "95/5"], &[Workload::Stragglers], 100, 10, 7);
    flags(&["--items", "1"], &Workload::ALL, 1, 10, 7);
    flags(&["--limit", "10000"], &Workload::ALL, 100, 10_000, 7);
    flags(&["--limit=1"], &Workload::ALL, 100, 1, 7);
    flags(
        &["--seed", "18446744073709551615"],
        &Workload::ALL,
        100,
        10,
        u64::MAX,
    );
    flags(&["--seed", "0"], &Workload::ALL, 100, 10, 0);
}

/// The bytes are those of the run, and not those of the program or of the run before.
#[test]
fn the_bytes_of_a_run_are_its_own() {
    let bytes = |arguments: &[&str]| {
        let output = run(&[&["--json", "--workload", "constant"], arguments].concat());
        let table: Value = serde_json::from_slice(&output.stdout).unwrap();
        let rows = table["workloads"][0]["strategies"].as_array().unwrap();
        let bytes = rows.iter().map(|row| row["bytes"].as_u64().unwrap());
        bytes.collect::<Vec<u64>>()
    };
    let [few, many] = ["1", "20000"].map(|items| bytes(&["--items", items]));
    // A runtime, and one item.
    assert!(
        few.iter().all(|bytes| (1_000..20_000).contains(bytes)),
        "{few:?}"
    );
    // `unlimited` comes first of these, and takes the most.
    assert!(many[1] > 10 * many[2] && many[2] < many[3], "{many:?}");
}

/// The table itself grows from row to row, and isn't counted.
#[test]
fn the_bytes_of_an_item_are_the_same_in_every_row() {
    let output = run(&["--json", "--items", "1"]);
    let table: Value = serde_json::from_slice(&output.stdout).unwrap();
    let bytes = |workload: usize, strategy: usize| {
        table["workloads"][workload]["strategies"][strategy]["bytes"].as_u64()
    };
    for strategy in 0..5 {
        let first = bytes(0, strategy).unwrap();
        for workload in 1..4 {
            let later = bytes(workload, strategy).unwrap();
            assert!(later.abs_diff(first) < 200, "{first}, {later}: {table}");
        }
    }
}

#[test]
fn a_table_of_one_item_says_item() {
    let output = run(&["--items", "1", "--workload", "constant"]);
    assert!(text(&output.stdout).starts_with("1 item, limit 10, "));
}

/// The machine is named where the times depend on it, and where a line doesn't break the format.
#[test]
fn the_machine_is_named_above_real_times() {
    let first = |arguments: &[&str]| {
        let mut program = Command::new(env!("CARGO_BIN_EXE_comparison"));
        let few = ["--workload", "constant", "--items", "1"];
        let output = program
            .env("MACHINE", "a machine")
            .args(few)
            .args(arguments)
            .output();
        let output = text(&output.unwrap().stdout);
        output.lines().next().unwrap().to_owned()
    };
    assert_eq!(first(&["--real"]), "a machine");
    assert!(first(&[]).starts_with("1 item, "));
    assert_eq!(first(&["--real", "--json"]), "{");
}

/// All descriptors but one are open already when the program starts, so the second item at a time gets none.
#[cfg(unix)]
#[test]
fn on_the_real_clock_the_system_refuses_descriptors() {
    let open = "for it in $(seq 3 148); do eval \"exec $it</dev/null\"; done; exec \"$@\"";
    let few = [
        "--real",
        "--workload",
        "constant",
        "--items",
        "2",
        "--limit",
        "2",
    ];
    let output = Command::new("bash")
        .args([
            "-c",
            open,
            "bash",
            env!("CARGO_BIN_EXE_comparison"),
            "--json",
        ])
        .args(few)
        .output()
        .unwrap();
    let table: Value = serde_json::from_slice(&output.stdout).unwrap();
    let rows = table["workloads"][0]["strategies"].as_array().unwrap();
    let failed: Vec<_> = rows.iter().map(|row| row["failed"].as_u64()).collect();
    assert_eq!(failed[..5], [0, 1, 1, 1, 1].map(Some), "{output:?}");
    let in_flight = rows.iter().map(|row| row["in_flight"].as_u64());
    assert!(in_flight.into_iter().all(|it| it == Some(1)), "{table}");
}

/// A process that may not open 150 files says so. (The system's administrator may raise the limit.)
#[cfg(unix)]
#[test]
fn a_limit_that_is_too_low_is_an_error_of_one_line() {
    let few = ["--real", "--workload", "constant", "--items", "1"];
    let output = Command::new("sh")
        .args([
            "-c",
            "ulimit -n 20; exec \"$@\"",
            "sh",
            env!("CARGO_BIN_EXE_comparison"),
        ])
        .args(few)
        .output()
        .unwrap();
    let error = text(&output.stderr);
    match output.status.code() {
        Some(0) => assert!(text(&output.stdout).contains(" 150 descriptors")),
        code => {
            assert_eq!((code, error.lines().count()), (Some(1), 1), "{error}");
            assert!(error.contains("needs a limit of 150 open files"), "{error}");
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_an_error_of_one_line() {
    for arguments in [
        &["--items", "1"][..],
        &["--items", "1", "--json"],
        &["--help"],
    ] {
        let full = std::fs::File::options()
            .write(true)
            .open("/dev/full")
            .unwrap();
        let mut program = Command::new(env!("CARGO_BIN_EXE_comparison"));
        program.args(arguments).stdout(full).stderr(Stdio::piped());
        let output = program.spawn().unwrap().wait_with_output().unwrap();
        let error = text(&output.stderr);
        assert_eq!(
            (output.status.code(), error.lines().count()),
            (Some(1), 1),
            "{error}"
        );
        assert!(
            error.starts_with("comparison: can't write the output: "),
            "{error}"
        );
    }
}

/// As in `comparison | head -n 0`.
#[test]
fn a_reader_that_has_gone_is_no_error() {
    let (reader, writer) = io::pipe().unwrap();
    drop(reader);
    let mut program = Command::new(env!("CARGO_BIN_EXE_comparison"));
    program.args(["--items", "1"]).stdout(writer);
    let output = program.stderr(Stdio::piped()).spawn().unwrap();
    let output = output.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
}
