//! Compiles the models of a chapter in the copy.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::copy::Copy;

/// The compiler's errors.
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

/// Compiles a package's unit tests, and returns the path of the test program.
///
/// # Errors
///
/// The outer one: Cargo can't be run. The inner ones: the package doesn't compile.
pub(crate) fn build(package: &str, copy: &Copy) -> Result<Result<PathBuf, Errors>, String> {
    let cargo = std::env::var_os("CARGO").unwrap_or("cargo".into());
    let built = Command::new(cargo)
        .args(["test", "--locked", "--no-run", "--lib", "--package"])
        .args([package, "--message-format", "json"])
        .current_dir(copy.root())
        .env("CARGO_TARGET_DIR", target()?)
        .env("CARGO_TERM_COLOR", "never")
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("cargo: {error}"))?;
    let mut program = None;
    let mut errors = Errors {
        places: Vec::new(),
        printed: String::new(),
    };
    for line in String::from_utf8_lossy(&built.stdout).lines() {
        let Ok(message) = serde_json::from_str::<Value>(line) else {
            continue;
        };
        if let Some(path) = message["executable"].as_str() {
            program = Some(PathBuf::from(path));
        }
        let message = &message["message"];
        if message["level"] == "error" {
            errors.places.extend(places(message));
            errors.printed += message["rendered"].as_str().unwrap_or_default();
        }
    }
    match (built.status.success(), program) {
        (true, Some(program)) => Ok(Ok(program)),
        (true, None) => Err(format!("cargo compiled no unit tests of {package}")),
        (false, _) if errors.printed.is_empty() => {
            Err(String::from_utf8_lossy(&built.stderr).trim().to_owned())
        }
        (false, _) => Ok(Err(errors)),
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
