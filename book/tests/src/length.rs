//! Checks the length of the chapters' pages.

use crate::page::Page;
use crate::{Finding, files_under, markdown};
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

/// Returns every chapter's page under `src` with more than [`LONGEST`] words. Pages of exercises may be longer.
pub fn check(src: &Path) -> io::Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for path in files_under(src, "md")? {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        if !is_chapter(&path) || stem.ends_with("-exercises") {
            continue;
        }
        let words = words(&Page::read(&path)?.text());
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

/// Counts the words of a Markdown text, without listings and HTML comments.
pub fn words(text: &str) -> usize {
    let blocks = markdown::read(text).blocks;
    blocks.iter().map(|block| block.words).sum()
}
