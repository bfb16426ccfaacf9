//! Reads an exercise's hints, which rustlings shows in a terminal and the book shows in folds.

use std::fmt::Write as _;

use serde::Deserialize;

/// A line of a page that asks for hints: `{{#hints ../../crates/workshop/info.toml pool1}}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Directive<'a> {
    /// The path of `info.toml`, as the page writes it.
    pub path: &'a str,
    /// The exercise's name.
    pub exercise: &'a str,
}

impl<'a> Directive<'a> {
    /// Reads the text between `{{#hints ` and `}}`.
    ///
    /// # Errors
    ///
    /// A message, if the text isn't a path and a name.
    pub fn from_argument(argument: &'a str) -> Result<Directive<'a>, String> {
        let mut words = argument.split_whitespace();
        match (words.next(), words.next(), words.next()) {
            (Some(path), Some(exercise), None) => Ok(Directive { path, exercise }),
            _ => Err("needs a path and an exercise: `{{#hints PATH NAME}}`".to_owned()),
        }
    }

    /// Returns the directive on `line`, or `None` if the line is anything else.
    pub(crate) fn of_line(line: &'a str) -> Option<Result<Directive<'a>, String>> {
        let argument = line.trim().strip_prefix("{{#hints ")?.strip_suffix("}}")?;
        Some(Directive::from_argument(argument))
    }
}

#[derive(Deserialize)]
struct Info {
    exercises: Vec<Exercise>,
}

#[derive(Deserialize)]
struct Exercise {
    name: String,
    #[serde(default)]
    hint: String,
}

/// Returns the hints of `exercise`, without their numbers. `info` is the text of the workshop's `info.toml`.
///
/// A hint begins on a line that starts with its number, as in `1. Read the picture.`; an indented line
/// continues the hint above it.
///
/// # Errors
///
/// A message, if `info` isn't TOML with exercises, has no such exercise, or its hints aren't numbered from 1.
pub fn hints(info: &str, exercise: &str) -> Result<Vec<String>, String> {
    let info: Info = toml::from_str(info).map_err(|error| {
        let message = error.to_string();
        format!("isn't a TOML file of exercises: {}", message.trim())
    })?;
    let Some(found) = info.exercises.iter().find(|it| it.name == exercise) else {
        let names: Vec<&str> = info.exercises.iter().map(|it| it.name.as_str()).collect();
        return Err(format!(
            "has no exercise named `{exercise}`; it has {}",
            names.join(", ")
        ));
    };
    let mut hints: Vec<String> = Vec::new();
    for line in found.hint.lines().filter(|line| !line.trim().is_empty()) {
        let number = format!("{}. ", hints.len() + 1);
        if let Some(hint) = line.strip_prefix(&number) {
            hints.push(hint.trim().to_owned());
        } else if let (true, Some(hint)) = (line.starts_with(' '), hints.last_mut()) {
            hint.push(' ');
            hint.push_str(line.trim());
        } else {
            return Err(format!(
                "has a hint of `{exercise}` that doesn't begin with `{number}`: {line}"
            ));
        }
    }
    match hints.iter().position(String::is_empty) {
        _ if hints.is_empty() => Err(format!("has no hints for `{exercise}`")),
        Some(at) => Err(format!("has an empty hint {} of `{exercise}`", at + 1)),
        None => Ok(hints),
    }
}

/// Puts each hint into a fold. The style sheet hides a fold until the one above it is open.
pub(crate) fn folded(hints: &[String]) -> String {
    let mut made = "<div class=\"hints\">\n".to_owned();
    for (index, hint) in hints.iter().enumerate() {
        let number = index + 1;
        // Between blank lines, the hint is rendered as Markdown.
        let _ = write!(
            made,
            "<details>\n<summary>Hint {number}</summary>\n\n{hint}\n\n</details>\n"
        );
    }
    made.push_str("</div>\n");
    made
}
