//! Finds the name of an operation's object in the source, and names source lines.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use crate::event::Site;

thread_local! {
    static FILES: RefCell<HashMap<&'static str, Option<Rc<str>>>> = RefCell::default();
}

/// Returns the expression whose method is called at `site`: `value` for `self.value.load(Relaxed)`.
///
/// `None` if the source isn't available or the call isn't a method call.
pub(crate) fn receiver(site: Site) -> Option<String> {
    let source = FILES.with_borrow_mut(|files| {
        files
            .entry(site.file())
            .or_insert_with(|| read(site.file()))
            .clone()
    })?;
    let before = before(&source, site.line(), site.column())?;
    expression(before)
}

/// Formats a source line, with the same separators on every system: `crates/chapter/src/file.rs:12`.
pub(crate) fn location(file: &str, line: u32) -> String {
    format!("{}:{line}", file.replace('\\', "/"))
}

/// Reads a source file. The compiler gives its path from the workspace's root, but tests run in the
/// package's folder, so this searches the parent folders too.
fn read(file: &str) -> Option<Rc<str>> {
    let folder = std::env::current_dir().ok()?;
    let path: PathBuf = folder
        .ancestors()
        .map(|folder| folder.join(Path::new(file)))
        .find(|path| path.is_file())?;
    std::fs::read_to_string(path).ok().map(Rc::from)
}

/// Returns the source before a line and column. Both count from 1, and the column counts characters.
fn before(source: &str, line: u32, column: u32) -> Option<&str> {
    let line_start = match line {
        1 => 0,
        _ => source.match_indices('\n').nth(line as usize - 2)?.0 + 1,
    };
    let rest = &source[line_start..];
    let offset = rest
        .char_indices()
        .nth(column as usize - 1)
        .map(|(offset, _)| offset)?;
    Some(&source[..line_start + offset])
}

/// Reads the expression backwards from the dot at the end of `source`.
fn expression(source: &str) -> Option<String> {
    let mut rest = source.trim_end().strip_suffix('.')?.trim_end();
    let mut parts = Vec::new();
    loop {
        let whole = rest;
        rest = rest.strip_suffix('?').unwrap_or(rest);
        while let Some(close) = rest
            .chars()
            .next_back()
            .filter(|last| matches!(last, ')' | ']'))
        {
            rest = &rest[..opening(rest, close)?];
        }
        rest = rest.trim_end_matches(|last: char| last.is_alphanumeric() || last == '_');
        if rest.len() == whole.len() {
            return None;
        }
        parts.push(&whole[rest.len()..]);
        if let Some(before) = rest.strip_suffix('.') {
            // A method chain breaks before its dots, so white space may appear only there.
            parts.push(".");
            rest = before.trim_end();
        } else if let Some(before) = rest.strip_suffix("::") {
            parts.push("::");
            rest = before;
        } else {
            break;
        }
    }
    let whole: String = parts
        .iter()
        .rev()
        .flat_map(|part| part.chars())
        .filter(|c| !c.is_whitespace())
        .collect();
    let name = whole.strip_prefix("self.").unwrap_or(&whole);
    (name != "self").then(|| name.to_owned())
}

/// Returns the index of the bracket that matches the `close` at the end of `text`.
fn opening(text: &str, close: char) -> Option<usize> {
    let open = if close == ')' { '(' } else { '[' };
    let mut depth = 0;
    for (index, character) in text.char_indices().rev() {
        if character == close {
            depth += 1;
        } else if character == open {
            depth -= 1;
            if depth == 0 {
                return Some(index);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::expression;

    #[test]
    fn the_receiver_is_read_backwards_from_the_dot() {
        for (source, receiver) in [
            ("let seen = self.value.", Some("value")),
            ("if flag.", Some("flag")),
            ("(self.slots[turn % 2].", Some("slots[turn%2]")),
            (
                "let n = self\n            .shards\n            .get(i)?\n            .",
                Some("shards.get(i)?"),
            ),
            ("// and so.\n    slot.ready.", Some("slot.ready")),
            ("COUNTER.", Some("COUNTER")),
            ("crate::tally::", None),
            ("self.", None),
            ("drop(x); ", None),
        ] {
            assert_eq!(expression(source).as_deref(), receiver, "{source:?}");
        }
    }
}
