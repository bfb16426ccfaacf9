//! Checks the Markdown of the pages: fences, pictures, and the summary.

use crate::page::{Line, Page};
use crate::{Finding, files_under, tidy};
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use std::io;
use std::path::Path;
use unicode_width::UnicodeWidthStr;

/// The languages that a fence may name. A fence with a misspelt language would escape the checks for that language.
const LANGUAGES: &[&str] = &[
    "console",
    "css",
    "diff",
    "go",
    "html",
    "http",
    "javascript",
    "json",
    "markdown",
    "rust",
    "sh",
    "sql",
    "text",
    "toml",
    "yaml",
];

/// The widest picture, in cells.
const WIDEST: usize = 80;

/// Whether the book's code font draws this character in one cell. For any other character, the browser falls back
/// to a font of the reader's machine, which may be wider or lack it too. (book/theme/subset.py cuts the book's font
/// from the one that mdBook ships.)
fn is_in_code_font(it: char) -> bool {
    matches!(it, ' '..='~' | '¡'..='¬' | '®'..='ÿ' | '─'..='▟' | '←'..='↙' | '⇐'..='⇓' | '₀'..='₉' | '⁴'..='⁹')
        || "…–—‘’“”†‡•′″−×≤≥≈≠∞√∑∆■□●○◆▲△▶▷▼▽◀◁✓⁰πλ".contains(it)
}

/// Returns everything wrong with the pages under `src`.
pub fn check(src: &Path) -> io::Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for path in files_under(src, "md")? {
        let page = Page::read(&path)?;
        findings.extend_from_slice(&page.findings);
        check_fences(&page, &mut findings);
    }
    check_summary(src, &mut findings)?;
    Ok(findings)
}

fn check_fences(page: &Page, findings: &mut Vec<Finding>) {
    let text = page.text();
    let line_at = |offset: usize| text[..offset].matches('\n').count();
    let mut block: Option<(usize, usize, String)> = None; // first line, last line, language
    let mut content = String::new();
    for (event, range) in Parser::new_ext(&text, Options::ENABLE_TABLES).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                let first = line_at(range.start);
                let language = match kind {
                    CodeBlockKind::Fenced(info) => {
                        info.split([',', ' ']).next().unwrap_or_default().to_owned()
                    }
                    CodeBlockKind::Indented => {
                        let message = "indented code has no language; put it into a fence with one";
                        findings.push(finding(&page.lines[first], message));
                        "indented".to_owned()
                    }
                };
                block = Some((
                    first,
                    line_at(range.start + text[range].trim_end().len()),
                    language,
                ));
                content.clear();
            }
            Event::Text(part) if block.is_some() => content.push_str(&part),
            Event::End(TagEnd::CodeBlock) => {
                let (first, last, language) = block.take().expect("a block begins before it ends");
                check_block(&page.lines[first..=last], &language, &content, findings);
            }
            _ => {}
        }
    }
}

/// Checks a code block. `lines` include the fences; `content` is without them, and without the markers of a quote or
/// a list.
fn check_block(lines: &[Line], language: &str, content: &str, findings: &mut Vec<Finding>) {
    let (fence, end) = (&lines[0], &lines[lines.len() - 1]);
    let inside = &lines[1.min(lines.len())..];
    if language == "indented" {
        return;
    }
    if language.is_empty() {
        findings.push(finding(
            fence,
            "the fence has no language, so mdBook treats it as Rust; name one",
        ));
    } else if !LANGUAGES.contains(&language) {
        let message =
            format!("`{language}` is an unknown language; if it is right, add it to LANGUAGES");
        findings.push(finding(fence, message));
    }
    if inside.is_empty() || !end.text.trim_end().ends_with(['`', '~']) {
        findings.push(finding(fence, "the fence never ends; close it"));
    }
    if content.trim().is_empty() {
        findings.push(finding(fence, "the fence is empty; fill it or remove it"));
    }
    if let (true, Some(typed)) = (
        ["text", "rust", "go"].contains(&language),
        inside
            .iter()
            .take(content.lines().count())
            .find(|line| !line.included),
    ) {
        let message = format!(
            "`{language}` is typed into the page; {{{{#include}}}} it from a file that a test runs \
             (a command and its output are `console`)"
        );
        findings.push(finding(typed, message));
    }
    if language == "text" {
        for (line, text) in inside.iter().zip(content.lines()) {
            let cells = text.width();
            if cells > WIDEST {
                let message =
                    format!("the picture is {cells} cells wide; draw it in at most {WIDEST}");
                findings.push(finding(line, message));
            }
            if let Some(lent) = text.chars().find(|it| !is_in_code_font(*it)) {
                let message = format!(
                    "a picture has {lent:?}, which the code font lacks; use another character"
                );
                findings.push(finding(line, message));
            }
        }
    }
}

/// Checks that every entry in the summary has its page, and every page its entry.
fn check_summary(src: &Path, findings: &mut Vec<Finding>) -> io::Result<()> {
    let summary = Page::read(&src.join("SUMMARY.md"))?;
    let text = summary.text();
    let mut entries = Vec::new();
    for (event, range) in Parser::new(&text).into_offset_iter() {
        if let Event::Start(Tag::Link { dest_url, .. }) = event
            && !dest_url.is_empty()
        {
            let line = &summary.lines[text[..range.start].matches('\n').count()];
            let page = tidy(&src.join(&*dest_url));
            if !page.is_file() {
                let message = format!(
                    "`{dest_url}` doesn't exist; write it, or leave the link empty for a draft"
                );
                findings.push(finding(line, message));
            } else if entries.contains(&page) {
                findings.push(finding(
                    line,
                    format!("`{dest_url}` has another entry; keep one of them"),
                ));
            }
            entries.push(page);
        }
    }
    for page in files_under(src, "md")? {
        let has_no_entry = page == src.join("SUMMARY.md") || page == src.join("404.md");
        if !has_no_entry && !entries.contains(&page) {
            let message =
                "the page has no entry in SUMMARY.md, so it isn't in the book; add one".to_owned();
            findings.push(Finding {
                file: page,
                line: 1,
                message,
            });
        }
    }
    Ok(())
}

fn finding(line: &Line, message: impl Into<String>) -> Finding {
    Finding {
        file: line.file.clone(),
        line: line.number,
        message: message.into(),
    }
}
