//! Runs three counters under two race detectors: Go's `-race`, and ThreadSanitizer in a nightly Rust.
//!
//! Needs Go with a C compiler, and a nightly toolchain from rustup whose target supports ThreadSanitizer
//! (Linux, macOS). Builds into `target/detectors`.
//!
//! Rustup's standard library is compiled without ThreadSanitizer, so ThreadSanitizer can't see how the
//! library synchronises, and reports races in its code. Those reports name a file in `library/` and aren't
//! counted.

use std::env::consts::EXE_SUFFIX;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

const COUNTERS: [(&str, &str); 3] = [
    ("plain", "counter++"),
    ("loadstore", "atomic load and store"),
    ("atomic", "atomic add"),
];

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// A detector's verdict on one counter.
struct Verdict {
    /// The number of data races that it reported.
    reports: usize,
    /// The first report, with addresses and folders removed.
    first: Vec<String>,
}

fn main() -> ExitCode {
    match ask() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("detectors: {error}");
            ExitCode::FAILURE
        }
    }
}

fn ask() -> Result<()> {
    let chapter = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = chapter.join("../../target/detectors");
    std::fs::create_dir_all(&folder)?;
    let go = with_go(chapter, &folder)?;
    let rust = with_rust(chapter, &folder)?;
    println!("{:<24}{:<14}Rust, ThreadSanitizer", "", "Go, -race");
    let mut first = Vec::new();
    for (name, words) in COUNTERS {
        let (go, rust) = (any_verdict(&go, name)?, any_verdict(&rust, name)?);
        println!("{words:<24}{:<14}{}", said(&go), said(&rust));
        if name == "plain" {
            first = go.first;
        }
    }
    println!("\nGo's report of counter++:\n");
    println!("{}", first.join("\n").trim_end());
    Ok(())
}

fn said(verdict: &Verdict) -> &'static str {
    match verdict.reports {
        0 => "nothing",
        _ => "data race",
    }
}

fn with_go(chapter: &Path, folder: &Path) -> Result<PathBuf> {
    let program = folder.join(format!("go-counters{EXE_SUFFIX}"));
    let mut go = Command::new("go");
    go.args(["build", "-race", "-buildvcs=false", "-o"])
        .arg(&program)
        .arg(".");
    run(
        go.current_dir(chapter.join("go")),
        "Go with its race detector",
    )?;
    Ok(program)
}

fn with_rust(chapter: &Path, folder: &Path) -> Result<PathBuf> {
    let version = Command::new("rustc").arg("-vV").output()?;
    let version = String::from_utf8(version.stdout)?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    let host = host.ok_or("`rustc -vV` printed no host")?;
    let mut cargo = Command::new("rustup");
    cargo
        .args([
            "run", "nightly", "cargo", "build", "--quiet", "--target", host,
        ])
        .args([
            "--package",
            "atomics",
            "--example",
            "counters",
            "--target-dir",
        ])
        .arg(folder)
        .env(
            "RUSTFLAGS",
            "-Zsanitizer=thread -Cunsafe-allow-abi-mismatch=sanitizer",
        )
        .env_remove("RUSTUP_TOOLCHAIN")
        .env_remove("CARGO");
    run(
        cargo.current_dir(chapter),
        "a nightly Rust with ThreadSanitizer",
    )?;
    Ok(folder
        .join(host)
        .join(format!("debug/examples/counters{EXE_SUFFIX}")))
}

fn run(command: &mut Command, needed: &str) -> Result<()> {
    let output = command
        .output()
        .map_err(|error| format!("this needs {needed}: {error}"))?;
    if !output.status.success() {
        let words = String::from_utf8_lossy(&output.stderr);
        return Err(format!("this needs {needed}; {command:?} failed:\n{words}").into());
    }
    Ok(())
}

/// A detector reports only what happens in a run, and the threads don't meet in every run. Runs the counter
/// until a data race is reported, ten times at most.
fn any_verdict(program: &Path, name: &str) -> Result<Verdict> {
    let mut last = verdict(program, name)?;
    for _ in 1..10 {
        if last.reports > 0 {
            break;
        }
        last = verdict(program, name)?;
    }
    Ok(last)
}

fn verdict(program: &Path, name: &str) -> Result<Verdict> {
    let output = Command::new(program).arg(name).output()?;
    let words = String::from_utf8_lossy(&output.stderr);
    let report = words
        .lines()
        .skip_while(|line| !line.starts_with("WARNING"));
    Ok(Verdict {
        // ThreadSanitizer ends each report with a summary line that names the source line; Go prints none.
        reports: match words.contains("SUMMARY") {
            true => words.lines().filter(|line| is_ours(line)).count(),
            false => words.matches("WARNING: DATA RACE").count(),
        },
        first: report
            .take_while(|line| !line.starts_with("Goroutine") && !line.starts_with("===="))
            .map(neutral)
            .collect(),
    })
}

/// Returns whether the line is the summary of a report on this program, not on the standard library.
fn is_ours(line: &str) -> bool {
    line.starts_with("SUMMARY: ThreadSanitizer: data race") && !line.contains("/library/")
}

/// Removes what differs between machines: addresses, folders and offsets.
fn neutral(line: &str) -> String {
    let words = line.split(' ').map(|word| match word {
        address if address.starts_with("0x") => "0x…",
        path if path.contains('/') && path.contains(".go:") => {
            path.rsplit('/').next().unwrap_or(path)
        }
        word => word,
    });
    let line = words.collect::<Vec<_>>().join(" ");
    line.split(" +0x").next().unwrap_or_default().to_owned()
}
