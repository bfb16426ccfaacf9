//! Compiles the models of chapters in the copy.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::copy::Copy;

/// The compiler's errors.
#[derive(Default)]
pub(crate) struct Errors {
    /// Where in the sources they are. Each error has the places that it is about before those that explain it.
    pub places: Vec<Place>,
    /// The errors as the compiler prints them.
    pub printed: String,
}

/// A part of a source file.
pub(crate) struct Place {
    /// The file, from the copy's root.
    pub file: PathBuf,
    /// The bytes of the file.
    pub range: Range<usize>,
}

/// Which packages Cargo compiles together. Together they decide with which features the crates that they share are
/// compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Selection {
    /// Every package: what `cargo test --workspace` has compiled is used.
    Workspace,
    /// These packages, and no crate that only others need.
    Packages(Vec<String>),
}

/// What a compilation made of each package: the path of its unit tests' program, or the compiler's errors. A package
/// isn't here if Cargo gave up before it.
pub(crate) type Built = BTreeMap<String, Result<PathBuf, Errors>>;

/// Compiles the unit tests of packages.
///
/// # Errors
///
/// Cargo can't be run, or it fails for another reason than an error that the compiler finds.
pub(crate) fn build(selection: &Selection, copy: &Copy) -> Result<Built, String> {
    let cargo = std::env::var_os("CARGO").unwrap_or("cargo".into());
    let mut command = Command::new(cargo);
    command.args(["test", "--locked", "--no-run", "--no-fail-fast", "--lib"]);
    match selection {
        Selection::Workspace => drop(command.arg("--workspace")),
        Selection::Packages(packages) => {
            for package in packages {
                command.args(["--package", package]);
            }
        }
    }
    let output = command
        .args(["--message-format", "json"])
        .current_dir(copy.root())
        .env("CARGO_TARGET_DIR", target()?)
        .env("CARGO_TERM_COLOR", "never")
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("cargo: {error}"))?;
    let mut built = Built::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let Ok(message) = serde_json::from_str::<Value>(line) else {
            continue;
        };
        let Some(package) = message["package_id"].as_str().map(name) else {
            continue;
        };
        if let Some(path) = message["executable"].as_str() {
            let program = PathBuf::from(path);
            built.entry(package.clone()).or_insert(Ok(program));
        }
        let message = &message["message"];
        if message["level"] == "error" {
            let known = built.entry(package).or_insert(Err(Errors::default()));
            if known.is_ok() {
                *known = Err(Errors::default());
            }
            let errors = known.as_mut().expect_err("it was replaced");
            errors.places.extend(places(message));
            errors.printed += message["rendered"].as_str().unwrap_or_default();
        }
    }
    match output.status.success() || built.values().any(Result::is_err) {
        true => Ok(built),
        false => Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
    }
}

/// The package's name in Cargo's identifier: `path+file:///folder#name@0.1.0`, or `path+file:///name#0.1.0`.
fn name(identifier: &str) -> String {
    let (path, fragment) = identifier.rsplit_once('#').unwrap_or(("", identifier));
    match fragment.split_once('@') {
        Some((name, _)) => name.to_owned(),
        None => path.rsplit('/').next().unwrap_or_default().to_owned(),
    }
}

/// The repository's target directory.
fn target() -> Result<PathBuf, String> {
    let target = std::env::var_os("CARGO_TARGET_DIR").unwrap_or("target".into());
    std::path::absolute(Path::new(&target)).map_err(|error| format!("target: {error}"))
}

fn places(message: &Value) -> Vec<Place> {
    let mut spans: Vec<&Value> = message["spans"].as_array().into_iter().flatten().collect();
    spans.sort_by_key(|span| span["is_primary"] != true);
    let place = |span: &Value| {
        let byte = |name: &str| Some(span[name].as_u64()? as usize);
        Some(Place {
            file: PathBuf::from(span["file_name"].as_str()?),
            range: byte("byte_start")?..byte("byte_end")?,
        })
    };
    spans.into_iter().filter_map(place).collect()
}
