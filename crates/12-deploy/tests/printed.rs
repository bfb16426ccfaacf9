//! What the program prints about two rollouts, for the page.

use diagram::assert_snapshot;

mod process;

use process::program;

/// Runs the program with embedded servers. Returns the command, and what is printed after the first line, which has the
/// time.
fn printed(arguments: &str) -> String {
    let arguments = format!("--patch-ms 20 {arguments}");
    let output = program(&arguments.split(' ').collect::<Vec<_>>())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let (first, rest) = text.split_once('\n').unwrap();
    assert!(first.starts_with("50 clusters, "), "{first}");
    format!("$ deploy --file manifest.yaml {arguments}\n{rest}")
}

#[test]
fn two_of_fifty_clusters_fail() {
    let arguments = "--fault c03:403 --fault c27:403";
    assert_snapshot!("printed-window", printed(arguments));
}

#[test]
fn the_canary_fails() {
    let arguments = "--strategy waves --fault c01:403";
    assert_snapshot!("printed-canary", printed(arguments));
}
