//! Checks the English of the pages and of the comments for phrases that the project's style replaces.

use crate::comments::comments;
use crate::{Finding, files_under, markdown};
use regex::Regex;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// A phrase that the style replaces.
struct Phrase {
    pattern: Regex,
    /// What to do about it.
    instead: &'static str,
    /// Whether a question may have it.
    asks: bool,
}

static PHRASES: LazyLock<Vec<Phrase>> = LazyLock::new(|| {
    let phrase = |pattern: &str, instead, asks| Phrase {
        pattern: Regex::new(&format!("(?i){pattern}")).expect("the pattern is one"),
        instead,
        asks,
    };
    vec![
        phrase(r"\bmend(s|ed|ing)?\b", "write \"fix\"", false),
        phrase(r"\b(let|lets|letting) go of\b", "write \"release\"", false),
        phrase(r"\bso many at once\b", "write \"at most N at once\"", false),
        phrase(
            r"\bfor who\b",
            "name the reader, or write \"if you …\"",
            true,
        ),
        phrase(
            r", who (has|takes|reads|holds|asks|wants)\b",
            "make it a sentence with a noun as its subject",
            true,
        ),
        phrase(
            r"\band who\b",
            "make it a sentence with a noun as its subject",
            true,
        ),
    ]
});

static WHO: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"^["'(“‘*_]*(Who|Whoever)\b"#).expect("the pattern is one"));

/// Checks the Markdown files, and the comments of the Rust sources, of the repository at `root`.
pub fn check(root: &Path) -> io::Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for path in markdown_files(root)? {
        findings.extend(check_markdown(&path, &fs::read_to_string(&path)?));
    }
    for folder in ["crates", "book", "scripts"] {
        for path in files_under(&root.join(folder), "rs")? {
            findings.extend(check_rust(&path, &fs::read_to_string(&path)?));
        }
    }
    Ok(findings)
}

/// Returns the pages of the book and every README.
fn markdown_files(root: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = vec![root.join("README.md")];
    files.retain(|path| path.is_file());
    let is_prose = |path: &PathBuf| {
        path.starts_with(root.join("book/src"))
            || path.file_name().is_some_and(|it| it == "README.md")
    };
    for folder in ["book", "crates", "scripts"] {
        files.extend(
            files_under(&root.join(folder), "md")?
                .into_iter()
                .filter(is_prose),
        );
    }
    Ok(files)
}

/// Checks `text`, the Markdown of the file at `path`.
pub fn check_markdown(path: &Path, text: &str) -> Vec<Finding> {
    check_text(path, text, 1)
}

/// Checks the comments of `source`, the Rust file at `path`.
pub fn check_rust(path: &Path, source: &str) -> Vec<Finding> {
    let comments = comments(source);
    let findings = comments
        .iter()
        .map(|it| check_text(path, &it.text, it.line));
    findings.flatten().collect()
}

fn check_text(path: &Path, text: &str, first: usize) -> Vec<Finding> {
    let mut findings = Vec::new();
    for block in markdown::read(text).blocks {
        for (start, sentence) in block.sentences() {
            let question = sentence
                .trim_end_matches(['"', '\'', ')', '*', '”', '’'])
                .ends_with('?');
            let mut find = |offset: usize, message: String| {
                findings.push(Finding {
                    file: path.to_owned(),
                    line: first + block.line_at(start + offset),
                    message,
                });
            };
            if let (false, Some(found)) = (question, WHO.captures(sentence)) {
                let word = &found[1];
                find(
                    0,
                    format!(
                        "a sentence begins with \"{word}\" and is no question; begin it with a noun"
                    ),
                );
            }
            for Phrase {
                pattern,
                instead,
                asks,
            } in PHRASES.iter()
            {
                if *asks && question {
                    continue;
                }
                for found in pattern.find_iter(sentence) {
                    find(
                        found.start(),
                        format!(
                            "\"{}\"; {instead}",
                            found.as_str().trim_start_matches([',', ' '])
                        ),
                    );
                }
            }
        }
    }
    findings
}
