//! A page as mdBook sees it, with its includes resolved. Each line keeps its file and number.

use crate::{Finding, tidy};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// mdBook's limit on includes within includes.
const DEEPEST: usize = 10;

/// A page of the book, with its includes resolved.
#[derive(Debug)]
pub struct Page {
    /// The Markdown file.
    pub path: PathBuf,
    /// The lines that mdBook renders.
    pub lines: Vec<Line>,
    /// Every directive that includes nothing, or more or less than it should.
    pub findings: Vec<Finding>,
}

/// A line of a page.
#[derive(Debug, Clone)]
pub struct Line {
    /// The text without its line ending.
    pub text: String,
    /// The file that the line is in.
    pub file: PathBuf,
    /// The line's number in that file, from 1.
    pub number: usize,
    /// Whether an include inserted the line.
    pub included: bool,
}

impl Page {
    /// Reads the page at `path` and resolves its includes.
    pub fn read(path: &Path) -> io::Result<Self> {
        let mut page = Self {
            path: path.to_owned(),
            lines: Vec::new(),
            findings: Vec::new(),
        };
        let written = lines_of(&fs::read_to_string(path)?, path, false);
        page.expand(written, 0);
        Ok(page)
    }

    /// Returns the page as one text, with a line ending after each line.
    pub fn text(&self) -> String {
        self.lines
            .iter()
            .flat_map(|line| [line.text.as_str(), "\n"])
            .collect()
    }

    fn expand(&mut self, written: Vec<Line>, depth: usize) {
        for line in written {
            let Some(directive) = Directive::first_in(&line.text) else {
                self.lines.push(line);
                continue;
            };
            let brought = if depth == DEEPEST {
                Err("includes itself".to_owned())
            } else {
                directive.bring(&line.file)
            };
            let stands_alone = directive.text == line.text.trim_end();
            let message = match brought {
                Ok(brought) if stands_alone => {
                    self.expand(brought, depth + 1);
                    continue;
                }
                Ok(brought) if brought.len() < 2 => {
                    // Within other text, the line stays a line of this page.
                    let word = brought.first().map_or("", |it| it.text.as_str());
                    let text = line.text.replacen(directive.text, word, 1);
                    self.expand(vec![Line { text, ..line }], depth + 1);
                    continue;
                }
                Ok(_) => "includes several lines in the middle of a line, and only the first gets the text before it; \
                          put it at the start of its line"
                    .to_owned(),
                Err(message) => message,
            };
            let message = format!("`{}` {message}", directive.text);
            self.findings.push(Finding {
                file: line.file.clone(),
                line: line.number,
                message,
            });
            self.lines.push(line);
        }
    }
}

fn lines_of(text: &str, file: &Path, included: bool) -> Vec<Line> {
    let line = |(index, text): (usize, &str)| Line {
        text: text.to_owned(),
        file: file.to_owned(),
        number: index + 1,
        included,
    };
    text.lines().enumerate().map(line).collect()
}

/// `{{#name argument}}`.
struct Directive<'a> {
    text: &'a str,
    name: &'a str,
    argument: &'a str,
}

impl<'a> Directive<'a> {
    fn first_in(line: &'a str) -> Option<Self> {
        let start = line.match_indices("{{").map(|(at, _)| at).find(|at| {
            line[at + 2..].trim_start().starts_with('#') && !line[..*at].ends_with('\\')
        })?;
        let inner = &line[start + 2..];
        let inner = &inner[..inner.find("}}")?];
        let named = &inner.trim_start()[1..];
        let (name, argument) = named.split_once(' ').unwrap_or((named, ""));
        let text = &line[start..start + inner.len() + 4];
        Some(Self {
            text,
            name,
            argument: argument.trim(),
        })
    }

    /// Returns the lines that this includes into `file`, or what is wrong with it.
    fn bring(&self, file: &Path) -> Result<Vec<Line>, String> {
        match self.name {
            "include" => {}
            "title" => return Ok(Vec::new()),
            "hints" => return self.bring_hints(file),
            "predict" => {
                // The preprocessor reads the recording, and fails if it can't.
                book_figures::Prediction::read(self.argument, &[])?;
                return Ok(Vec::new());
            }
            _ => {
                return Err("is an unknown directive; use `{{#include path:anchor}}`, \
                     `{{#hints path exercise}}` or `{{#predict kind path}}`"
                    .to_owned());
            }
        }
        let (path, anchor) = match self.argument.split_once(':') {
            Some((path, anchor)) => (path, Some(anchor)),
            None => (self.argument, None),
        };
        let (path, text) = read_beside(file, path)?;
        let all = lines_of(&text, &path, true);
        let brought = match anchor {
            None if all.iter().any(|line| anchor_in(line, "ANCHOR:").is_some()) => {
                return Err(
                    "includes the file's ANCHOR lines too; name one of the anchors".to_owned(),
                );
            }
            None => all,
            Some(anchor) if anchor.starts_with(|it: char| it.is_ascii_digit() || it == ':') => {
                return Err("counts lines, and lines move; name an anchor instead".to_owned());
            }
            Some(anchor) => between_anchors(all, anchor)?,
        };
        if brought.iter().all(|line| line.text.trim().is_empty()) {
            return Err("includes nothing but blank lines".to_owned());
        }
        Ok(brought)
    }

    /// Returns the hints as paragraphs, without their folds.
    fn bring_hints(&self, file: &Path) -> Result<Vec<Line>, String> {
        let asked = book_figures::Directive::from_argument(self.argument)?;
        let (path, text) = read_beside(file, asked.path)?;
        let hints = book_figures::hints(&text, asked.exercise)?;
        // Findings in a hint name its line in the file, so look that line up.
        let line_of = |hint: &str| {
            let start = hint.get(..20).unwrap_or(hint);
            text.lines().position(|line| line.contains(start))
        };
        let line = |hint: &String| Line {
            number: line_of(hint).map_or(1, |index| index + 1),
            text: hint.clone(),
            file: path.clone(),
            included: true,
        };
        let blank = Line {
            text: String::new(),
            file: file.to_owned(),
            number: 1,
            included: true,
        };
        Ok(hints
            .iter()
            .flat_map(|hint| [line(hint), blank.clone()])
            .collect())
    }
}

/// Reads the file that `argument` names, relative to `file`, and returns its path and text.
fn read_beside(file: &Path, argument: &str) -> Result<(PathBuf, String), String> {
    let path = tidy(&file.parent().unwrap_or(Path::new("")).join(argument));
    let text = fs::read_to_string(&path).map_err(|error| {
        format!("can't be read, {error}; is the path right, and has the picture been drawn?")
    })?;
    Ok((path, text))
}

/// Returns the name after `ANCHOR:` or `ANCHOR_END:`, as mdBook reads it.
fn anchor_in<'a>(line: &'a Line, mark: &str) -> Option<&'a str> {
    let name = line.text.split_once(mark)?.1.trim_start();
    let end = name
        .find(|it: char| !it.is_alphanumeric() && it != '_' && it != '-')
        .unwrap_or(name.len());
    Some(&name[..end]).filter(|name| !name.is_empty())
}

fn between_anchors(all: Vec<Line>, anchor: &str) -> Result<Vec<Line>, String> {
    let marks = |mark| {
        all.iter()
            .filter(|line| anchor_in(line, mark) == Some(anchor))
            .count()
    };
    match (marks("ANCHOR:"), marks("ANCHOR_END:")) {
        (1, 1) => {}
        (0, _) => {
            return Err(format!(
                "names an anchor that isn't in the file; add `// ANCHOR: {anchor}`"
            ));
        }
        (_, 0) => {
            return Err(format!(
                "names an anchor that never ends; add `// ANCHOR_END: {anchor}`"
            ));
        }
        _ => {
            return Err(
                "names an anchor that is in the file more than once; rename one".to_owned(),
            );
        }
    }
    let lines = all
        .into_iter()
        .skip_while(|line| anchor_in(line, "ANCHOR:") != Some(anchor))
        .take_while(|line| anchor_in(line, "ANCHOR_END:") != Some(anchor))
        .filter(|line| {
            anchor_in(line, "ANCHOR:")
                .or(anchor_in(line, "ANCHOR_END:"))
                .is_none()
        });
    Ok(lines.collect())
}
