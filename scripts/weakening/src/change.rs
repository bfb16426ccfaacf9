//! One change to a source file.

use std::ops::Range;

use proc_macro2::Span;

/// Replaces a range of a source file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The bytes that are replaced.
    pub range: Range<usize>,
    /// What replaces them.
    pub replacement: String,
    /// The line, counted from 1, on which the change begins.
    pub line: usize,
    /// What is changed: `AcqRel → Acquire`.
    pub what: String,
    /// Why the change is harmless, from the comment on its line, if there is one.
    pub harmless: Option<String>,
    /// The guard and the lock, if the change is that the lock is taken again after a statement.
    pub(crate) retaken: Option<(String, String)>,
}

impl Change {
    pub(crate) fn new(source: &str, span: Span, replacement: String, what: String) -> Change {
        let range = span.byte_range();
        let line = span.start().line;
        Change {
            harmless: harmless(source, line),
            range,
            replacement,
            line,
            what,
            retaken: None,
        }
    }

    /// Says that the change is on the line on which `span` begins.
    pub(crate) fn at(&mut self, source: &str, span: Span) {
        self.line = span.start().line;
        self.harmless = harmless(source, self.line);
    }

    /// Takes the reason why it is harmless from whichever line of `span` has one.
    pub(crate) fn on_any_line(&mut self, source: &str, span: Span) {
        let lines = span.start().line..=span.end().line;
        self.harmless = lines.into_iter().find_map(|line| harmless(source, line));
    }

    /// The source with this change.
    pub fn applied(&self, source: &str) -> String {
        let mut changed = source.to_owned();
        changed.replace_range(self.range.clone(), &self.replacement);
        changed
    }
}

/// The reason in a comment `// weaken: reason` on the line.
fn harmless(source: &str, line: usize) -> Option<String> {
    let line = source.lines().nth(line - 1)?;
    let (_, reason) = line.split_once("// weaken: ")?;
    Some(reason.trim().to_owned())
}

/// The source text of a span.
pub(crate) fn text(source: &str, span: Span) -> &str {
    &source[span.byte_range()]
}
