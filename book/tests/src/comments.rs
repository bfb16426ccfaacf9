//! Reads the comments of a Rust source as Markdown.

/// A comment, with all of its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// The number of the first line, from 1.
    pub line: usize,
    /// The text without its slashes. An anchor becomes a blank line.
    pub text: String,
}

/// Returns the line comments of `source`: `//!`, `///` and `//`. Skips block comments.
pub fn comments(source: &str) -> Vec<Comment> {
    let mut comments: Vec<Comment> = Vec::new();
    // The marker and the line of the previous comment, if it was alone on its line.
    let mut before = None;
    for Found { line, text, alone } in line_comments(source) {
        let marker = ["//!", "///", "//"]
            .into_iter()
            .find(|marker| text.starts_with(marker))
            .unwrap_or("//");
        let text = text[marker.len()..].trim_end();
        let text = if text.contains("ANCHOR: ") || text.contains("ANCHOR_END: ") {
            ""
        } else {
            text.strip_prefix(' ').unwrap_or(text)
        };
        match comments.last_mut() {
            Some(comment) if alone && before == Some((marker, line - 1)) => {
                comment.text.push('\n');
                comment.text.push_str(text);
            }
            _ => comments.push(Comment {
                line,
                text: text.to_owned(),
            }),
        }
        before = alone.then_some((marker, line));
    }
    comments
}

struct Found<'a> {
    line: usize,
    /// The text with its slashes.
    text: &'a str,
    /// Whether the comment is alone on its line.
    alone: bool,
}

fn line_comments(source: &str) -> Vec<Found<'_>> {
    let mut found = Vec::new();
    let (mut at, mut line, mut line_start) = (0, 1, 0);
    while let Some(next) = source[at..].chars().next() {
        let rest = &source[at..];
        let length = if rest.starts_with("//") {
            let length = rest.find('\n').unwrap_or(rest.len());
            found.push(Found {
                line,
                text: &rest[..length],
                alone: source[line_start..at].trim().is_empty(),
            });
            length
        } else if rest.starts_with("/*") {
            block_comment(rest)
        } else if let Some(length) = raw_string(&source[..at], rest) {
            length
        } else if next == '"' {
            string(rest)
        } else if next == '\'' {
            character(rest)
        } else {
            next.len_utf8()
        };
        let passed = &rest[..length];
        if let Some(end) = passed.rfind('\n') {
            line += passed.matches('\n').count();
            line_start = at + end + 1;
        }
        at += length;
    }
    found
}

/// Returns the length of the block comment that `rest` begins with. Block comments nest.
fn block_comment(rest: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

/// Returns the length of the raw string, such as `r"…"` or `br#"…"#`, that `rest` begins with.
fn raw_string(before: &str, rest: &str) -> Option<usize> {
    if before.ends_with(|it: char| it.is_alphanumeric() || it == '_') {
        // `rest` is in the middle of a name, unless that name is the `b` or `c` of a prefix.
        let word = before.trim_end_matches(['b', 'c']);
        if word.ends_with(|it: char| it.is_alphanumeric() || it == '_') {
            return None;
        }
    }
    let hashes = rest.strip_prefix('r')?;
    let text = hashes.trim_start_matches('#');
    let count = hashes.len() - text.len();
    let text = text.strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(count));
    let length = text.find(&end).map_or(text.len(), |at| at + end.len());
    Some(1 + count + 1 + length)
}

/// Returns the length of the string that `rest` begins with.
fn string(rest: &str) -> usize {
    let mut escaped = false;
    for (at, it) in rest.char_indices().skip(1) {
        match it {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// Returns the length of the character that `rest` begins with, or 1 for the quote of a lifetime.
fn character(rest: &str) -> usize {
    let mut chars = rest.char_indices().skip(1);
    match chars.next() {
        Some((_, '\\')) => {
            chars.next();
            let end = chars.find(|(_, it)| *it == '\'' || *it == '\n');
            end.map_or(rest.len(), |(at, _)| at + 1)
        }
        Some((_, _)) => match chars.next() {
            Some((at, '\'')) => at + 1,
            _ => 1,
        },
        None => 1,
    }
}
