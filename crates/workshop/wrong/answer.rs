//! Tests of answers. Each answer runs in a separate process, as an exercise does, so that a test can check its exit
//! status and its output. The process is the test program itself, started again to run that single test.

use std::any::type_name_of_val;
use std::env;
use std::fs;
use std::process::{Command, Stdio, exit};
use std::thread;
use std::time::{Duration, Instant};

use crate::Verdict;

/// Set in the process that runs the answer.
const ANSWERS: &str = "WORKSHOP_ANSWERS";

/// Printed before the verdict, to separate it from the test program's own output.
const MARK: &str = "--- verdict ---";

/// Longer than any answer takes, because an exercise gives up by itself.
const DEADLINE: Duration = Duration::from_secs(60);

/// What a learner should never see.
const NOISE: [&str; 4] = ["thread '", "backtrace", "loom", "interleave"];

/// Makes a test of each answer: it has to get the sentence above it, word for word. Answers that are right get a
/// sentence that starts with a ✓.
macro_rules! answers {
    ($($sentence:literal: $($(#[$meta:meta])* $name:ident = $answer:expr;)+)+) => {
        $($(
            #[test]
            $(#[$meta])*
            fn $name() {
                $crate::answer::gets($sentence, || $answer);
            }
        )+)+
    };
}
pub(crate) use answers;

/// Runs the answer in a separate process, and checks its exit status and its sentence.
#[track_caller]
pub(crate) fn gets(sentence: &str, answer: impl FnOnce() -> Verdict) {
    if env::var_os(ANSWERS).is_some() {
        println!("\n{MARK}");
        let verdict = answer();
        print!("{verdict}");
        exit(verdict.status().into());
    }
    let name = type_name_of_val(&answer);
    let name = name.strip_suffix("::{{closure}}").unwrap_or(name);
    let (_, name) = name.split_once("::").expect("a path in this crate");
    let status = i32::from(!sentence.starts_with('✓'));
    let (ended, printed) = run(name);
    let verdict = printed.split(MARK).nth(1).unwrap_or(&printed).trim();
    let last = verdict.rsplit("\n\n").next().unwrap_or_default();
    let said = last.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        ended == Some(status) && said == sentence,
        "exit status {ended:?}, expected {status}; expected the sentence\n{sentence}\nand was told\n{verdict}"
    );
    // Cargo reports what Clippy finds as "could not compile", above the verdict.
    let explained =
        verdict.starts_with("Compiled and graded. Any error above this line comes from Clippy.");
    assert!(explained || !verdict.contains("Explored"), "{verdict}");
    let noise = NOISE.iter().find(|noise| verdict.contains(**noise));
    assert_eq!(noise, None, "in\n{verdict}");
}

/// Runs a test in a separate process. Returns its exit status and everything that it printed.
fn run(test: &str) -> (Option<i32>, String) {
    let program = env::current_exe().expect("this program's path");
    let mut child = Command::new(program)
        .args([test, "--exact", "--nocapture", "--test-threads=1"])
        .env(ANSWERS, "1")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("this program starts again");
    let begun = Instant::now();
    while child.try_wait().expect("a child's status").is_none() {
        if begun.elapsed() > DEADLINE {
            child.kill().expect("a child can be killed");
        }
        thread::sleep(Duration::from_millis(2));
    }
    // Everything that it prints fits into a pipe.
    let output = child.wait_with_output().expect("a child's output");
    let printed = [output.stdout, output.stderr].concat();
    (
        output.status.code(),
        String::from_utf8_lossy(&printed).into_owned(),
    )
}

/// The wrong answers of an exercise are in the module `wrong` of its grader.
#[test]
fn each_exercise_has_wrong_answers() {
    let tests = Command::new(env::current_exe().expect("this program's path"))
        .arg("--list")
        .output()
        .expect("this program starts again");
    let tests = String::from_utf8_lossy(&tests.stdout);
    for folder in fs::read_dir("exercises").expect("the exercises") {
        for exercise in fs::read_dir(folder.expect("a folder").path()).expect("a folder") {
            let path = exercise.expect("an exercise").path();
            let name = path.file_stem().expect("a name").to_string_lossy();
            let count = tests.matches(&format!("::{name}::wrong::")).count();
            assert!(
                count >= 3,
                "{name} has {count} wrong answers; it should have at least 3"
            );
        }
    }
}

/// Checks that Clippy rejects a program of the package `only-clippy` for this reason.
#[track_caller]
pub(crate) fn only_clippy_rejects(program: &str, reason: &str) {
    // The profile that rustlings uses, so that nothing is compiled twice.
    let clippy = Command::new(env!("CARGO"))
        .args("clippy --quiet --profile test --package only-clippy --bin".split(' '))
        .args([program, "--", "-D", "warnings"])
        .output()
        .expect("Cargo runs");
    let said = String::from_utf8_lossy(&clippy.stderr);
    assert!(!clippy.status.success() && said.contains(reason), "{said}");
}
