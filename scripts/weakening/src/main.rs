//! Weakens the kernels of chapters, on a copy, and runs the chapters' models on each change.

mod copy;
mod models;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use weakening::{Change, changes, is_kernel};

use crate::copy::Copy;
use crate::models::Verdict;

/// Weakens each kernel of the chapters, one change at a time, and looks for a model that fails.
#[derive(Parser)]
#[command(name = "weakening")]
struct Arguments {
    /// The folders of the chapters, from the current folder, which is the repository's root
    #[arg(required = true, value_name = "FOLDER")]
    chapters: Vec<PathBuf>,
    /// Where the copy of the sources is kept
    #[arg(long, value_name = "DIR", default_value = "target/weaken")]
    copy: PathBuf,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(survivors) => {
            let changes = if survivors == 1 { "change" } else { "changes" };
            eprintln!(
                "scripts/weaken: {survivors} {changes} survived: add a `fix_` model that fails, or a comment on \
                 the line that says why the change is harmless: // weaken: …"
            );
            ExitCode::FAILURE
        }
        Err(message) => {
            eprintln!("scripts/weaken: {message}");
            ExitCode::from(2)
        }
    }
}

/// Returns how many changes survived without a reason.
fn run(arguments: &Arguments) -> Result<usize, String> {
    let copy = Copy::new(&arguments.copy)?;
    let mut survivors = 0;
    for chapter in &arguments.chapters {
        survivors += weaken(chapter, &copy)?;
    }
    Ok(survivors)
}

fn weaken(chapter: &Path, copy: &Copy) -> Result<usize, String> {
    let package = package(chapter)?;
    let kernels = kernels(chapter)?;
    println!("── {package}");
    match models::run(&package, copy)? {
        Verdict::Passed => {}
        other => return Err(format!("the models of {package} fail as they are: {other}")),
    }
    let mut survivors = 0;
    for (path, source) in kernels {
        let found = changes(&source).map_err(|error| format!("{}: {error}", path.display()))?;
        if found.is_empty() {
            return Err(format!(
                "{} has nothing to weaken: no ordering above Relaxed, no read-modify-write, no lock held over \
                 two statements",
                path.display()
            ));
        }
        for change in found {
            let changed = copy.with(&path, &change.applied(&source))?;
            let verdict = models::run(&package, copy);
            drop(changed);
            let verdict = verdict?;
            println!("{}", line(&path, &change, &verdict));
            if verdict == Verdict::Passed && change.harmless.is_none() {
                survivors += 1;
            }
        }
    }
    Ok(survivors)
}

/// `src/registry.rs:49  AcqRel → Acquire: fails fix_nothing_arrives_after_unregister`.
fn line(path: &Path, change: &Change, verdict: &Verdict) -> String {
    let verdict = match (verdict, &change.harmless) {
        (Verdict::Passed, Some(reason)) => format!("harmless: {reason}"),
        (Verdict::Passed, None) => "SURVIVED".to_owned(),
        (failed, _) => failed.to_string(),
    };
    let at = format!("{}:{}", path.display(), change.line);
    format!("{at}  {}: {verdict}", change.what)
}

/// The name in a chapter's Cargo.toml.
fn package(chapter: &Path) -> Result<String, String> {
    let path = chapter.join("Cargo.toml");
    let manifest = read(&path)?;
    let name = manifest
        .lines()
        .find_map(|line| line.strip_prefix("name = "));
    let name = name.ok_or_else(|| format!("{} names no package", path.display()))?;
    Ok(name.trim_matches('"').to_owned())
}

/// The chapter's kernels, by their paths, with their sources.
fn kernels(chapter: &Path) -> Result<Vec<(PathBuf, String)>, String> {
    let folder = chapter.join("src");
    let entries =
        fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut kernels = Vec::new();
    for entry in entries {
        let path = entry
            .map_err(|error| format!("{}: {error}", folder.display()))?
            .path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            let source = read(&path)?;
            if is_kernel(&source) {
                kernels.push((path, source));
            }
        }
    }
    if kernels.is_empty() {
        return Err(format!(
            "{} has no kernel: no module that uses crate::sync",
            folder.display()
        ));
    }
    kernels.sort();
    Ok(kernels)
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}
