//! Each foreseen wrong answer, and its reworded twin, is rejected with the message that it names in its first line.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// What nobody should have to read.
const NOISE: [&str; 5] = ["panicked at", "backtrace", "loom", "test result", "Refused"];

#[test]
fn each_wrong_answer_is_told_what_is_wrong_with_it() {
    let answers = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/bin");
    let this = std::env::current_exe().unwrap();
    let programs = this.parent().and_then(Path::parent).unwrap();
    let mut foreseen: BTreeMap<String, usize> = BTreeMap::new();
    let mut failures = Vec::new();
    let mut by_clippy = Vec::new();
    for answer in answers.read_dir().unwrap() {
        let path = answer.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let source = std::fs::read_to_string(&path).unwrap();
        let first = source.lines().next().unwrap();
        if let Some(expected) = first.strip_prefix("//! Rejected by Clippy: ") {
            by_clippy.push((name, expected.to_owned()));
            continue;
        }
        let expected = first.strip_prefix("//! Rejected: ");
        let expected = expected.expect("the message is in the first line");
        let output = Command::new(programs.join(&name)).output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8(said).unwrap();
        if output.status.code() != Some(1)
            || !said.contains(expected)
            || NOISE.iter().any(|noise| said.contains(noise))
        {
            let status = output.status;
            failures.push(format!("{name} ({status}), expected {expected:?}:\n{said}"));
        }
        match name.strip_suffix("_twin") {
            Some(of) => {
                let of = std::fs::read_to_string(answers.join(format!("{of}.rs"))).unwrap();
                let its = of.lines().next();
                assert_eq!(its, Some(first), "{name} is a twin, with the same message");
            }
            None => {
                let twin = answers.join(format!("{name}_twin.rs"));
                assert!(twin.exists(), "{name} has no twin");
                let exercise = name.split('_').next().unwrap();
                *foreseen.entry(exercise.to_owned()).or_default() += 1;
            }
        }
    }
    // What the grader can't see, `rustlings` has Clippy see.
    assert!(!by_clippy.is_empty());
    for (name, expected) in by_clippy {
        let clippy = Command::new(env!("CARGO"))
            .args(["clippy", "--quiet", "--package", "wrong", "--bin", &name])
            .args(["--", "-D", "warnings"])
            .output()
            .unwrap();
        let said = String::from_utf8(clippy.stderr).unwrap();
        if clippy.status.success() || !said.contains(&expected) {
            failures.push(format!("{name}, expected of Clippy {expected:?}:\n{said}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(foreseen.values().all(|count| *count >= 3), "{foreseen:?}");
}
