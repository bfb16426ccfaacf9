//! Runs the models of a chapter's fixes in the copy.

use std::fmt;
use std::io::Read;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::copy::Copy;

/// How long the models may take, with compiling. A change that makes them run longer counts as seen.
const PATIENCE: Duration = Duration::from_secs(300);

/// What the models make of a change.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Every fix still holds.
    Passed,
    /// These models found an execution that fails, deadlocks or panics.
    Failed(Vec<String>),
    /// The changed source doesn't compile, so the compiler guards it.
    Refused,
    /// The models didn't end in time.
    Endless,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Verdict::Passed => f.write_str("passed"),
            Verdict::Failed(models) => write!(f, "fails {}", models.join(", ")),
            Verdict::Refused => f.write_str("doesn't compile"),
            Verdict::Endless => write!(f, "not done after {} s", PATIENCE.as_secs()),
        }
    }
}

/// Runs every `fix_` model of the package. Pictures are drawn anew in the copy, not compared: a change
/// draws other pictures, and what counts is the outcome.
///
/// # Errors
///
/// Cargo can't be run, or a test fails for another reason than an execution.
pub(crate) fn run(package: &str, copy: &Copy) -> Result<Verdict, String> {
    let tested = cargo(copy, &["test", "--package", package, "--lib", "--", "fix_"])?;
    let Some(tested) = tested else {
        return Ok(Verdict::Endless);
    };
    if tested.passed {
        return match tested.output.contains("running 0 tests") {
            true => Err(format!("{package} has no model named fix_…")),
            false => Ok(Verdict::Passed),
        };
    }
    if !tested.output.contains("running ") {
        return Ok(Verdict::Refused);
    }
    failed(&tested.output).map(Verdict::Failed)
}

/// The tests that failed because of an execution.
fn failed(output: &str) -> Result<Vec<String>, String> {
    let mut models = Vec::new();
    for part in output.split("\n---- ").skip(1) {
        let (name, said) = part.split_once(" stdout ----").unwrap_or((part, ""));
        // What the explorer prints of a failing execution, or when it refuses to go on with one.
        if said.contains("Explored: ") || said.contains("must block") || said.contains("is stuck") {
            models.push(name.rsplit("::").next().unwrap_or(name).to_owned());
        }
    }
    match models.is_empty() {
        true => Err(format!(
            "a model failed, but not by an execution:\n{output}"
        )),
        false => Ok(models),
    }
}

struct Ended {
    passed: bool,
    output: String,
}

/// Runs cargo in the copy; `None` if it isn't done in time.
fn cargo(copy: &Copy, arguments: &[&str]) -> Result<Option<Ended>, String> {
    let error = |error: std::io::Error| format!("cargo: {error}");
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
    command
        .arg("--locked")
        .args(arguments)
        .current_dir(copy.root())
        // A folder of its own: Cargo takes a package of the copy for the one that it is a copy of.
        .env("CARGO_TARGET_DIR", copy.root().join("target"))
        .env("UPDATE_EXPECT", "1")
        .env("CARGO_TERM_COLOR", "never")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut child = command.spawn().map_err(error)?;
    let mut stdout = child.stdout.take().expect("it is piped");
    let reading = thread::spawn(move || {
        let mut output = Vec::new();
        let _ = stdout.read_to_end(&mut output);
        String::from_utf8_lossy(&output).into_owned()
    });
    let begun = Instant::now();
    loop {
        if let Some(status) = child.try_wait().map_err(error)? {
            let output = reading.join().expect("reading doesn't panic");
            return Ok(Some(Ended {
                passed: status.success(),
                output,
            }));
        }
        if begun.elapsed() > PATIENCE {
            let _ = child.kill();
            let _ = child.wait();
            return Ok(None);
        }
        thread::sleep(Duration::from_millis(20));
    }
}
