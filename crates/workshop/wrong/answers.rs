//! Runs answers, and checks the sentence that each of them gets. An answer runs in a process of its own, as an exercise
//! does, so that its exit status and its output can be checked, and a loop that never ends can be stopped. The process
//! is this program, started again.

use std::process::{Command, ExitCode, Stdio, Termination};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use workshop::Verdict;

/// Longer than any answer takes, because an exercise gives up by itself.
const DEADLINE: Duration = Duration::from_secs(60);

/// What a learner should never see.
const NOISE: [&str; 4] = ["thread '", "backtrace", "loom", "interleave"];

/// Set in a process that runs an answer.
const ANSWER: &str = "WORKSHOP_ANSWER";

/// Set, too, if the answer never ends.
const IMPATIENT: &str = "WORKSHOP_IMPATIENT";

#[derive(Clone, Copy)]
pub struct Answer {
    name: &'static str,
    sentence: &'static str,
    /// Never ends. Its grader is told not to wait for long.
    endless: bool,
    main: fn() -> Verdict,
}

/// What an answer may use without importing it.
mod prelude {
    pub use std::sync::Arc;
    pub use std::time::Duration;

    pub use tokio::sync::{Notify, Semaphore};
    pub use tokio::task::yield_now;
    pub use tokio::time::sleep;
    pub use workshop::sync::Mutex;
    pub use workshop::sync::atomic::{Ordering::*, *};
}

/// The answers, as the build script writes them.
#[allow(warnings, clippy::all)]
mod programs {
    use super::Answer;

    include!(concat!(env!("OUT_DIR"), "/answers.rs"));
}

fn main() -> ExitCode {
    if let Some(name) = env::var_os(ANSWER) {
        let mut answers = programs::ANSWERS.iter();
        let answer = answers
            .find(|answer| *answer.name == name)
            .expect("an answer");
        return (answer.main)().report();
    }
    let part = env::args()
        .skip(1)
        .find(|argument| !argument.starts_with('-'))
        .unwrap_or_default();
    let answers = programs::ANSWERS.iter();
    let mut answers = Vec::from_iter(answers.filter(|answer| answer.name.contains(&part)));
    // Those that wait for a deadline come first, so that the others run meanwhile.
    answers.sort_by_key(|answer| !answer.endless);
    let clippy = thread::spawn(only_clippy_rejects);
    // There are more threads than cores, because some answers wait for a deadline.
    let next = AtomicUsize::new(0);
    let work = || {
        let mut failures = Vec::new();
        while let Some(answer) = answers.get(next.fetch_add(1, Relaxed)) {
            failures.extend(
                answer
                    .check()
                    .err()
                    .map(|why| format!("{}: {why}", answer.name)),
            );
        }
        failures
    };
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let mut failures: Vec<String> = thread::scope(|scope| {
        let threads = Vec::from_iter((0..=cores).map(|_| scope.spawn(work)));
        threads
            .into_iter()
            .flat_map(|thread| thread.join().expect("a thread that checks"))
            .collect()
    });
    failures.extend(clippy.join().expect("a thread that checks").err());
    failures.iter().for_each(|failure| println!("{failure}\n"));
    println!(
        "{} answers checked, {} failures",
        answers.len(),
        failures.len()
    );
    ExitCode::from(u8::from(!failures.is_empty()))
}

impl Answer {
    /// Runs the answer, and checks its exit status and its sentence.
    fn check(&self) -> Result<(), String> {
        let (status, printed) = run(self);
        let last = printed.trim().rsplit("\n\n").next().unwrap_or_default();
        let sentence = last.split_whitespace().collect::<Vec<_>>().join(" ");
        let expected = i32::from(!self.sentence.starts_with('✓'));
        if status != Some(expected) || sentence != self.sentence {
            return Err(format!(
                "exit status {status:?}, expected {expected}; expected the sentence\n{}\nand was told\n{printed}",
                self.sentence
            ));
        }
        // Cargo reports what Clippy finds as "could not compile", above the verdict.
        if sentence.starts_with("✓ Explored") && !printed.starts_with("Compiled and graded.") {
            return Err(format!(
                "the first line doesn't explain Clippy's errors:\n{printed}"
            ));
        }
        match NOISE.iter().find(|noise| printed.contains(**noise)) {
            Some(noise) => Err(format!("{noise:?} in\n{printed}")),
            None => Ok(()),
        }
    }
}

/// Runs an answer in a separate process. Returns its exit status and everything that it printed.
fn run(answer: &Answer) -> (Option<i32>, String) {
    let mut child = Command::new(env::current_exe().expect("this program's path"))
        .env(ANSWER, answer.name)
        .envs(answer.endless.then_some((IMPATIENT, "1")))
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
        thread::sleep(Duration::from_millis(1));
    }
    // Everything that it prints fits into a pipe.
    let output = child.wait_with_output().expect("a child's output");
    let printed = [output.stderr, output.stdout].concat();
    (
        output.status.code(),
        String::from_utf8_lossy(&printed).into_owned(),
    )
}

/// Checks that Clippy rejects each module of the package `only-clippy`, with its reason.
fn only_clippy_rejects() -> Result<(), String> {
    // The profile that rustlings uses, so that nothing is compiled twice.
    let clippy = Command::new(env!("CARGO"))
        .args("clippy --quiet --profile test --package only-clippy -- -D warnings".split(' '))
        .output()
        .expect("Cargo runs");
    let said = String::from_utf8_lossy(&clippy.stderr);
    let rejects = |module: &str| {
        let mut errors = said.split("\n\n");
        errors.any(|error| error.contains(module) && error.contains("the explorer can't see it"))
    };
    let modules = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/clippy/src"));
    let modules = modules.expect("the modules of `only-clippy`");
    let files = modules.map(|module| module.expect("a module").file_name());
    let mut names = files.map(|file| file.display().to_string());
    match names.find(|name| name != "lib.rs" && !rejects(name)) {
        None if !clippy.status.success() => Ok(()),
        name => Err(format!("Clippy should reject {name:?}:\n{said}")),
    }
}
