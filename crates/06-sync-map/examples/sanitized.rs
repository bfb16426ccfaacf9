//! Runs the chapter's tests under ThreadSanitizer, all but those of `concurrent`.
//!
//! Needs a nightly toolchain from rustup whose target supports ThreadSanitizer (Linux, macOS). Builds into
//! `target/sanitized`. papaya orders its accesses by fences, which ThreadSanitizer doesn't understand.
//!
//! Rustup's standard library is compiled without ThreadSanitizer, so ThreadSanitizer can't see how the library
//! synchronises, and reports races in its code. Those reports name a file in `library/` and are counted apart.

use std::error::Error;
use std::path::Path;
use std::process::{Command, ExitCode};

/// The chapter's test programs on real threads.
const TESTS: [&str; 4] = ["behaviour", "memo", "async_memo", "linearizable"];

fn main() -> ExitCode {
    match sanitize() {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("sanitized: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Runs each test program and returns the number of data races in this program.
fn sanitize() -> Result<usize, Box<dyn Error>> {
    let chapter = Path::new(env!("CARGO_MANIFEST_DIR"));
    let version = String::from_utf8(Command::new("rustc").arg("-vV").output()?.stdout)?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    let host = host.ok_or("`rustc -vV` printed no host")?;
    println!(
        "{:<14}{:>6}{:>14}{:>22}",
        "tests", "passed", "data races", "reports on library/"
    );
    let mut races = 0;
    for test in TESTS {
        let mut cargo = Command::new("rustup");
        cargo
            .args([
                "run", "nightly", "cargo", "test", "--quiet", "--target", host,
            ])
            .args(["--package", "sync-map", "--test", test, "--target-dir"])
            .arg(chapter.join("../../target/sanitized"))
            .args(["--", "--skip", "concurrent"])
            .env(
                "RUSTFLAGS",
                "-Zsanitizer=thread -Cunsafe-allow-abi-mismatch=sanitizer",
            )
            // A report doesn't end the program: the tests decide whether they pass.
            .env("TSAN_OPTIONS", "exitcode=0")
            .env_remove("RUSTUP_TOOLCHAIN")
            .env_remove("CARGO");
        let output = cargo.current_dir(chapter).output()?;
        let (out, words) = (
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
        );
        let passed = out.lines().find_map(|line| {
            let (_, counts) = line.split_once("test result: ok. ")?;
            counts.split(' ').next()?.parse::<u32>().ok()
        });
        let passed = passed.ok_or_else(|| format!("{test} failed:\n{out}\n{words}"))?;
        let summaries = words
            .lines()
            .filter(|line| line.starts_with("SUMMARY: ThreadSanitizer"));
        let (library, ours): (Vec<_>, Vec<_>) =
            summaries.partition(|line| line.contains("/library/"));
        println!(
            "{test:<14}{passed:>6}{:>14}{:>22}",
            ours.len(),
            library.len()
        );
        for summary in &ours {
            eprintln!("{summary}");
        }
        races += ours.len();
    }
    Ok(races)
}
