//! Checks of the book that mdBook itself doesn't make.
//!
//! mdBook builds a book whose includes bring nothing, whose links lead nowhere and whose fences have
//! no language, and says at most a word of it. Each check here returns what is wrong as [`Finding`]s,
//! which name a file, a line and what to do.
//!
//! - [`page`]: a page as mdBook sees it, with its includes brought in
//! - [`sources`]: fences, pictures, and the summary
//! - [`prose`]: the English of the pages and of the sources' comments
//! - [`length`]: the words of a chapter's page
//! - [`claims`]: figures, held against the file that they are from
//! - [`html`]: links, fragments and other hosts in the built book

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

/// What is wrong at a line of a file, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The file, as the check was given it or reached it from there.
    pub file: PathBuf,
    /// Counted from 1.
    pub line: usize,
    /// What is wrong; after a semicolon, what to do.
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

/// Makes the repository's root the current folder, so that findings name files from there.
pub fn go_to_root() -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    std::env::set_current_dir(root.canonicalize()?)
}

/// Panics with all of `findings`, a line each, if there are any.
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

/// Every file under `folder` with this extension, sorted; what was built or installed is left out.
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

/// `path` without its `.` and `..`, as far as these can be told without looking at the disk.
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
