//! Finds the code that a recording ran: for each recorded line, the function around it. The explorer shows these lines
//! and points at the one that a thread runs next.
//!
//! The sources are formatted by rustfmt, so a function ends at the first line that is indented like its `fn` and begins
//! with `}`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde::Serialize;

/// A function with more lines than this is cut down to the lines around the recorded ones.
const LONGEST: usize = 24;
/// The number of lines that are kept on each side of a recorded line of a long function.
const AROUND: usize = 3;

/// A part of a source file: the functions in it that a recording ran.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Listing {
    /// The path from the repository's root.
    pub(crate) file: String,
    /// The lines, each with its number. A line without a number stands for the lines that are left out.
    pub(crate) lines: Vec<(Option<usize>, String)>,
}

/// A source line of a recording: `crates/01-pool/src/claims.rs:31`.
pub(crate) fn location(source: &str) -> Option<(&str, usize)> {
    let (file, line) = source.rsplit_once(':')?;
    Some((file, line.parse().ok()?))
}

/// Returns the functions around the lines that `sources` name, by file: the kernel's files first, then the model's. The
/// files are under `root`.
///
/// # Errors
///
/// A message, if a file can't be read, or a line of it isn't in a function.
pub(crate) fn listings<'a>(
    root: &Path,
    sources: impl Iterator<Item = &'a str>,
) -> Result<Vec<Listing>, String> {
    let mut lines: BTreeMap<(bool, &str), BTreeSet<usize>> = BTreeMap::new();
    for source in sources {
        let (file, line) = location(source).ok_or_else(|| format!("`{source}` is not a line"))?;
        let of_model = file.contains("/models") || file.contains("/tests/");
        lines.entry((of_model, file)).or_default().insert(line);
    }
    let listing = |((_, file), lines): ((bool, &str), BTreeSet<usize>)| {
        let text =
            fs::read_to_string(root.join(file)).map_err(|error| format!("{file}: {error}"))?;
        Ok(Listing {
            lines: functions(&text, &lines).map_err(|line| {
                format!("{file}:{line} is not in a function; redraw the pictures of its crate")
            })?,
            file: file.to_owned(),
        })
    };
    lines.into_iter().map(listing).collect()
}

/// Returns the functions around `lines`, in order. `Err` is a line outside of any function.
fn functions(text: &str, lines: &BTreeSet<usize>) -> Result<Vec<(Option<usize>, String)>, usize> {
    let all: Vec<&str> = text.lines().collect();
    let mut shown: Vec<(Option<usize>, String)> = Vec::new();
    let mut until = 0;
    for &line in lines {
        if line <= until {
            continue;
        }
        let (first, last) = function(&all, line).ok_or(line)?;
        until = last;
        if let Some(header) = header(&all, first) {
            shown.push((Some(header), all[header - 1].trim().to_owned()));
        }
        let indent = indent(all[first - 1]);
        let kept = kept(&all, first, last, lines);
        for number in first..=last {
            let text = all[number - 1];
            if text.trim_start().starts_with("// ANCHOR") {
                continue;
            }
            if kept.contains(&number) {
                let text = text.get(indent..).unwrap_or_default();
                shown.push((Some(number), text.trim_end().to_owned()));
            } else if shown.last().is_some_and(|(number, _)| number.is_some()) {
                shown.push((None, "…".to_owned()));
            }
        }
    }
    Ok(shown)
}

/// Returns the first and the last line of the innermost function around `line`.
fn function(all: &[&str], line: usize) -> Option<(usize, usize)> {
    let inner = indent(all.get(line - 1)?);
    let first = (1..=line).rev().find(|&number| {
        let text = all[number - 1];
        is_function(text) && (number == line || indent(text) < inner)
    })?;
    let outer = indent(all[first - 1]);
    let ends = |text: &str| indent(text) == outer && text.trim_start().starts_with('}');
    let last = (first..=all.len()).find(|&number| {
        let text = all[number - 1];
        ends(text) || (number == first && text.trim_end().ends_with('}'))
    })?;
    (last >= line).then_some((first, last))
}

fn is_function(text: &str) -> bool {
    let mut words = text.split_whitespace().skip_while(|word| {
        word.starts_with("pub") || ["const", "async", "unsafe", "crate)"].contains(word)
    });
    words.next() == Some("fn")
}

/// Returns the line of the `impl Trait for Type` around a function: `fn drop` says nothing without it.
fn header(all: &[&str], first: usize) -> Option<usize> {
    let inner = indent(all[first - 1]);
    let header = (1..first)
        .rev()
        .find(|&number| !all[number - 1].trim().is_empty() && indent(all[number - 1]) < inner)?;
    let text = all[header - 1].trim_start();
    (text.starts_with("impl") && text.contains(" for ") && text.ends_with('{')).then_some(header)
}

/// Returns the lines of a function that are shown: all or, of a long function, its signature, its end and the lines
/// around the recorded ones.
fn kept(all: &[&str], first: usize, last: usize, lines: &BTreeSet<usize>) -> BTreeSet<usize> {
    if last - first < LONGEST {
        return (first..=last).collect();
    }
    let signature = (first..=last).find(|&number| all[number - 1].trim_end().ends_with('{'));
    let mut kept: BTreeSet<usize> = (first..=signature.unwrap_or(first)).collect();
    for line in lines.range(first..=last) {
        kept.extend(line.saturating_sub(AROUND).max(first)..=(line + AROUND).min(last));
    }
    kept.insert(last);
    kept
}

fn indent(text: &str) -> usize {
    text.len() - text.trim_start().len()
}

/// Returns the variable that a line assigns the result of the recorded call to: `claimed` in
/// `let claimed = self.next.load(Relaxed);`. `None` if the line does more with the result than that.
pub(crate) fn assigned<'a>(line: &'a str, call: &str) -> Option<&'a str> {
    let (name, value) = line.trim().strip_prefix("let ")?.split_once(" = ")?;
    let name = name.strip_prefix("mut ").unwrap_or(name);
    let name = name.split(':').next()?.trim();
    let (method, _) = call.split_once('(')?;
    let value = value.strip_prefix("self.").unwrap_or(value);
    let arguments = value.strip_prefix(method)?.strip_prefix('(')?;
    let (arguments, end) = arguments.split_once(')')?;
    let is_name = name.chars().all(|it| it.is_alphanumeric() || it == '_');
    (is_name && end == ";" && !arguments.contains('(')).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::{assigned, functions};
    use std::collections::BTreeSet;

    const SOURCE: &str = "\
impl Claims {
    /// Claims.
    // ANCHOR: claim
    pub fn claim(&self) -> Option<Claim> {
        let claimed = self.next.load(Relaxed);

        self.next.store(claimed + 1, Relaxed);
    }
    // ANCHOR_END: claim

    fn other(&self) {}
}

impl Drop for Claim {
    fn drop(&mut self) {
        let drop = || {
            self.next.swap(0);
        };
    }
}
";

    fn shown(lines: &[usize]) -> Result<String, usize> {
        let lines: BTreeSet<usize> = lines.iter().copied().collect();
        let shown = functions(SOURCE, &lines)?;
        let line = |(number, text): (Option<usize>, String)| match number {
            Some(number) => format!("{number}:{text}\n"),
            None => format!("{text}\n"),
        };
        Ok(shown.into_iter().map(line).collect())
    }

    #[test]
    fn the_functions_around_the_lines_are_shown_with_their_numbers() {
        assert_eq!(
            shown(&[5, 7]).unwrap(),
            "4:pub fn claim(&self) -> Option<Claim> {\n5:    let claimed = self.next.load(Relaxed);\n6:\n\
             7:    self.next.store(claimed + 1, Relaxed);\n8:}\n"
        );
        assert_eq!(
            shown(&[17]).unwrap(),
            "14:impl Drop for Claim {\n15:fn drop(&mut self) {\n16:    let drop = || {\n17:        \
             self.next.swap(0);\n18:    };\n19:}\n"
        );
        assert_eq!(shown(&[2]), Err(2));
    }

    #[test]
    fn a_long_function_is_cut_down_to_the_recorded_lines() {
        let body: String = (2..=40)
            .map(|number| format!("    step({number});\n"))
            .collect();
        let source = format!("fn long() {{\n{body}}}\n");
        let shown = functions(&source, &[10, 30].into()).unwrap();
        let numbers: Vec<Option<usize>> = shown.iter().map(|(number, _)| *number).collect();
        let mut wanted = vec![Some(1), None];
        wanted.extend((7..=13).map(Some));
        wanted.push(None);
        wanted.extend((27..=33).map(Some));
        wanted.extend([None, Some(41)]);
        assert_eq!(numbers, wanted);
    }

    #[test]
    fn a_variable_has_the_result_of_a_call_only_if_the_line_does_no_more() {
        for (line, call, name) in [
            (
                "    let claimed = self.next.load(Relaxed);",
                "next.load(Relaxed)",
                Some("claimed"),
            ),
            (
                "let mut seen: u64 = value.load(Acquire);",
                "value.load(Acquire)",
                Some("seen"),
            ),
            (
                "let last = self.count.load(Relaxed) == 0;",
                "count.load(Relaxed)",
                None,
            ),
            (
                "let (a, b) = self.pair.load(Relaxed);",
                "pair.load(Relaxed)",
                None,
            ),
            (
                "let other = self.other.load(Relaxed);",
                "next.load(Relaxed)",
                None,
            ),
            (
                "self.next.store(claimed + 1, Relaxed);",
                "next.store(1, Relaxed)",
                None,
            ),
        ] {
            assert_eq!(assigned(line, call), name, "{line}");
        }
    }
}
