//! Checks of the book that mdBook doesn't make.
//!
//! mdBook accepts an include of a missing anchor, a link without a target and a fence without a language, and
//! prints a warning at most. Each check here returns [`Finding`]s, which name a file, a line and what to do.
//!
//! - [`page`]: a page as mdBook sees it, with its includes resolved
//! - [`sources`]: fences, pictures, and the summary
//! - [`prose`]: the English of the pages and of the sources' comments
//! - [`length`]: the words of a chapter's page
//! - [`claims`]: the figures on the pages, compared with the files that they are from
//! - [`html`]: the links of the built book

pub mod claims;
pub mod comments;
pub mod html;
pub mod length;
pub mod markdown;
pub mod page;
pub mod prose;
pub mod sources;

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Something wrong in a line of a file, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The file, relative to the same folder as the path that the check was given.
    pub file: PathBuf,
    /// Counted from 1.
    pub line: usize,
    /// What is wrong and, after a semicolon, what to do.
    pub message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            file,
            line,
            message,
        } = self;
        write!(f, "{}:{line}: {message}", file.display())
    }
}

/// Makes the repository's root the current folder, so that findings name files relative to it.
pub fn go_to_root() -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    std::env::set_current_dir(root.canonicalize()?)
}

/// Panics if there are findings, and prints them, one per line.
#[track_caller]
pub fn assert_none(findings: &[Finding]) {
    let lines: Vec<String> = findings.iter().map(Finding::to_string).collect();
    assert!(
        lines.is_empty(),
        "{} findings:\n{}",
        lines.len(),
        lines.join("\n")
    );
}

/// Returns every file under `folder` with this extension, sorted. Skips `target` and `node_modules`.
pub fn files_under(folder: &Path, extension: &str) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                let name = path.file_name().unwrap_or_default();
                if name != "target" && name != "node_modules" {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|it| it == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Removes `.` and `..` from `path`, as far as that is possible without reading the disk.
fn tidy(path: &Path) -> PathBuf {
    use std::path::Component;
    let mut tidied = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir
                if matches!(tidied.components().next_back(), Some(Component::Normal(_))) =>
            {
                tidied.pop();
            }
            _ => tidied.push(component),
        }
    }
    tidied
}
