//! Checks the length of the chapters' pages.

use crate::page::Page;
use crate::{Finding, files_under, markdown};
use std::fs;
use std::io;
use std::path::Path;

/// The most words on a chapter's page, without its listings. Reading that many takes about 15 minutes.
pub const LONGEST: usize = 2_200;

/// Whether `path` is a chapter's page, `01-pool.md`, or its exercises, `01-pool-exercises.md`.
pub fn is_chapter(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let mut bytes = name.bytes();
    let mut next_is = |wanted: fn(&u8) -> bool| bytes.next().as_ref().is_some_and(wanted);
    next_is(u8::is_ascii_digit)
        && next_is(u8::is_ascii_digit)
        && next_is(|it| *it == b'-')
        && name.ends_with(".md")
}

/// Returns every chapter's page under `src` with more than [`LONGEST`] words. Pages of exercises may be longer. The answer
/// to a prediction doesn't count, because the page has it only for a reader who has answered.
pub fn check(src: &Path) -> io::Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for path in files_under(src, "md")? {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        if !is_chapter(&path) || stem.ends_with("-exercises") {
            continue;
        }
        let answers = answers(&fs::read_to_string(&path)?);
        let words = words(&Page::read(&path)?.text()) - words(&answers);
        if words > LONGEST {
            let message = format!(
                "the page has {words} words without its listings; cut it to at most {LONGEST}"
            );
            findings.push(Finding {
                file: path,
                line: 1,
                message,
            });
        }
    }
    Ok(findings)
}

/// Returns the lines below each prediction, up to a blank one: its near misses, and what its answer means.
fn answers(page: &str) -> String {
    let mut answers = String::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if line.starts_with("{{#predict ") {
            let below = lines.by_ref().take_while(|line| !line.is_empty());
            answers.extend(below.flat_map(|line| [line, "\n"]));
            answers.push('\n');
        }
    }
    answers
}

/// Counts the words of a Markdown text, without listings and HTML comments.
pub fn words(text: &str) -> usize {
    let blocks = markdown::read(text).blocks;
    blocks.iter().map(|block| block.words).sum()
}
