//! The example as a process: what it prints, and a sentence for each way in which there is no cluster.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;

/// Returns the example, which Cargo builds for the tests.
fn example() -> Command {
    let this = std::env::current_exe().unwrap();
    let folder = this.parent().and_then(|deps| deps.parent()).unwrap();
    Command::new(folder.join("examples").join("hibernation"))
}

/// Runs the example. `kubeconfig` is the content of the file that KUBECONFIG names.
fn run(arguments: &[&str], kubeconfig: Option<(&str, &str)>) -> Output {
    let mut command = example();
    command.args(arguments);
    if let Some((name, content)) = kubeconfig {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("hibernation-{name}"));
        std::fs::write(&path, content).unwrap();
        command.env("KUBECONFIG", path);
    }
    command.output().unwrap()
}

fn json(arguments: &[&str]) -> Value {
    let output = run(arguments, None);
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn check_prints_the_talks_figures() {
    let output = run(&["check", "--strategy", "listed"], None);
    let words = String::from_utf8(output.stdout).unwrap();
    let (first, rest) = words.split_once('\n').unwrap();
    assert!(
        first.starts_with("100 resources, listed: 6 requests in "),
        "{first}"
    );
    let expected = "  can be hibernated: 85
  hibernated:        42
  unknown:           0
Status: Partially Hibernated
";
    assert_eq!(rest, expected);
    assert!(output.status.success());
}

#[test]
fn the_strategies_find_the_same() {
    for (strategy, limit) in [
        ("batches", "50"),
        ("window", "50"),
        ("listed", "10"),
        ("watched", "1"),
    ] {
        let found = json(&["check", "--json", "--strategy", strategy, "--limit", limit]);
        assert_eq!(found["strategy"], strategy);
        assert_eq!(found["canBeHibernated"], 85);
        assert_eq!(found["hibernated"], 42);
        assert_eq!(found["unknown"], 0);
        assert_eq!(found["status"], "Partially Hibernated");
        assert_eq!(found["answers"].as_array().unwrap().len(), 100);
    }
}

#[test]
fn a_selector_and_a_namespace_choose() {
    let one = json(&[
        "check",
        "--json",
        "--strategy",
        "listed",
        "--selector",
        "app=web-01",
        "--namespace",
        "talk",
    ]);
    assert_eq!(
        (&one["canBeHibernated"], &one["status"]),
        (&1.into(), &"Hibernating".into())
    );
    let sequential = json(&[
        "check",
        "--json",
        "--strategy",
        "sequential",
        "--selector",
        "app=web-01",
    ]);
    assert_eq!(
        (&sequential["requests"], &sequential["hibernated"]),
        (&1.into(), &1.into())
    );
    let none = json(&[
        "check",
        "--json",
        "--strategy",
        "listed",
        "--namespace",
        "default",
    ]);
    assert_eq!(
        (&none["canBeHibernated"], &none["status"]),
        (&0.into(), &"Running".into())
    );
}

#[test]
fn without_yes_nothing_is_changed() {
    for (command, planned) in [("hibernate", 40), ("wake", 42)] {
        let plan = json(&[command, "--json", "--strategy", "listed"]);
        assert_eq!(plan["wouldScale"].as_array().unwrap().len(), planned);
        let output = run(&[command, "--strategy", "listed"], None);
        let words = String::from_utf8(output.stdout).unwrap();
        assert!(
            words.ends_with("Nothing was changed. With --yes, it would be.\n"),
            "{words}"
        );
        let output = run(&[command, "--namespace", "default"], None);
        let words = String::from_utf8(output.stdout).unwrap();
        assert!(words.ends_with("There is nothing to scale.\n"), "{words}");
    }
}

#[test]
fn with_yes_each_change_is_printed() {
    for (command, line, sum) in [
        (
            "hibernate",
            "  Deployment talk/web-40: scaled from 2 to 0\n",
            "40 scaled, 60 unchanged, 0 failed\n",
        ),
        (
            "wake",
            "  Deployment talk/web-01: scaled from 0 to 2\n",
            "42 scaled, 57 unchanged, 0 failed\n",
        ),
    ] {
        let output = run(&[command, "--yes", "--limit", "100"], None);
        let words = String::from_utf8(output.stdout).unwrap();
        assert!(words.contains(line) && words.ends_with(sum), "{words}");
    }
}

/// Nothing was said, and the exit status says so.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_a_sentence() {
    for arguments in [&["check", "--strategy", "listed"][..], &["wake", "--json"]] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full");
        let output = example().args(arguments).stdout(full.unwrap()).output();
        let output = output.unwrap();
        let words = String::from_utf8(output.stderr).unwrap();
        assert!(words.starts_with("hibernation: can't print: "), "{words}");
        assert_eq!(words.lines().count(), 1, "{words}");
        assert_eq!(output.status.code(), Some(2));
    }
}

/// Such as `head -1`.
#[test]
fn a_reader_that_leaves_early_is_no_failure() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let arguments = ["check", "--json", "--strategy", "listed"];
    let output = example().args(arguments).stdout(writer).output().unwrap();
    assert!(output.stderr.is_empty(), "{output:?}");
    assert!(output.status.success());
}

/// Runs the check, which should fail. Returns the only line that it prints.
fn refused(kubeconfig: (&str, &str)) -> String {
    let output = run(
        &["check", "--context", "nowhere", "--deadline", "1"],
        Some(kubeconfig),
    );
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    let words = String::from_utf8(output.stderr).unwrap();
    assert_eq!(words.lines().count(), 1, "{words}");
    words
}

fn kubeconfig(server: &str) -> String {
    format!(
        "apiVersion: v1
kind: Config
contexts: [{{name: nowhere, context: {{cluster: nowhere, user: nobody}}}}]
clusters: [{{name: nowhere, cluster: {{server: '{server}'}}}}]
users: [{{name: nobody, user: {{}}}}]
"
    )
}

#[test]
fn a_kubeconfig_that_is_missing_is_a_sentence() {
    let arguments = [
        "check",
        "--context",
        "nowhere",
        "--kubeconfig",
        "no-such-file",
    ];
    let output = run(&arguments, None);
    let words = String::from_utf8(output.stderr).unwrap();
    let start = "hibernation: can't read the kubeconfig no-such-file: ";
    assert!(
        words.starts_with(start) && words.lines().count() == 1,
        "{words}"
    );
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_kubeconfig_that_is_broken_is_a_sentence() {
    let words = refused(("broken", "contexts: [{"));
    assert!(
        words.starts_with("hibernation: can't use the kubeconfig: "),
        "{words}"
    );
    let words = refused(("empty", "{}"));
    assert_eq!(
        words,
        "hibernation: the kubeconfig has no context named 'nowhere'\n"
    );
    let words = refused(("no-url", &kubeconfig("not a url")));
    assert!(
        words.starts_with("hibernation: can't use the kubeconfig: "),
        "{words}"
    );
}

#[test]
fn a_kubeconfig_that_points_nowhere_is_a_sentence() {
    // A port that was free a moment ago.
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let words = refused(("refused", &kubeconfig(&format!("http://{free}"))));
    let start = format!("hibernation: can't list the resources at http://{free}/: no connection: ");
    assert!(words.starts_with(&start), "{words}");
    // A server that accepts, and never answers.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap();
    let words = refused(("silent", &kubeconfig(&format!("http://{address}"))));
    let start = format!("hibernation: can't list the resources at http://{address}/: ");
    assert!(words.starts_with(&start), "{words}");
}
