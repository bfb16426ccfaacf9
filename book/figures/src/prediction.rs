//! Makes a question of a recording: what can come out, how many executions fail, or which variant ends first. The reader
//! answers before the picture is shown. The answer is read from the recording.
//!
//! Without scripts, the page has the question, its options, and the answer in a fold.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use interleave::{Recorded, Recording};
use serde::Serialize;
use serde_json::Value;

use crate::{escaped, stem};

/// A line of a page that asks for a prediction, and the lines below it, up to a blank one:
///
/// ```text
/// {{#predict outcomes ../../crates/01-pool/diagrams/doubled-claim.json}}
/// - *claimed items 2 and 2*: One of the two workers loads 0.
/// ```
///
/// Each item is a near miss: an outcome that no execution has, and why. For `failing` and for `first`, the lines are
/// what the answer means. `first` has settings after its path, separated by ` / `.
pub struct Prediction<'a> {
    kind: Kind,
    path: &'a str,
    settings: Vec<&'a str>,
    misses: Vec<(String, String)>,
    meaning: String,
    /// The number of lines of the page.
    pub(crate) lines: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    Outcomes,
    Failing,
    First,
}

/// A prediction as the page's script reads it.
#[derive(Serialize)]
struct Question {
    kind: Kind,
    /// The figure that shows the answer, and what its data is called.
    figure: String,
    data: String,
    /// The number of executions, and how many of them fail.
    #[serde(skip_serializing_if = "Option::is_none")]
    executions: Option<[usize; 2]>,
    /// The positions of the sliders.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    at: Vec<usize>,
    options: Vec<Choice>,
    #[serde(skip_serializing_if = "String::is_empty")]
    meaning: String,
}

/// Something that the reader can tick.
#[derive(Serialize, Default)]
struct Choice {
    text: String,
    right: bool,
    /// The number of executions with this outcome.
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<usize>,
    /// The simplest of these executions.
    #[serde(skip_serializing_if = "Option::is_none")]
    execution: Option<usize>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    fails: bool,
    /// When this variant ends, and how many of its items fail.
    #[serde(skip_serializing_if = "Option::is_none")]
    ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failed: Option<u64>,
    /// Why no execution has this outcome, as HTML.
    #[serde(skip_serializing_if = "String::is_empty")]
    why: String,
}

impl<'a> Prediction<'a> {
    /// Returns the directive that begins on the first of `lines`, or `None` if that is anything else.
    pub(crate) fn at(lines: &[&'a str]) -> Option<Result<Prediction<'a>, String>> {
        let argument = lines.first()?.strip_prefix("{{#predict ")?;
        let argument = argument.trim_end().strip_suffix("}}")?;
        let below = lines[1..].iter().take_while(|line| !line.is_empty());
        Some(Prediction::read(
            argument,
            &below.copied().collect::<Vec<_>>(),
        ))
    }

    /// Reads the text between `{{#predict ` and `}}`, and the lines below it.
    ///
    /// # Errors
    ///
    /// A message, if it isn't as described above.
    pub fn read(argument: &'a str, below: &[&str]) -> Result<Prediction<'a>, String> {
        let needs = "needs `outcomes PATH`, `failing PATH` or `first PATH SETTING / SETTING`";
        let (kind, rest) = argument.split_once(' ').ok_or(needs)?;
        let kind = match kind {
            "outcomes" => Kind::Outcomes,
            "failing" => Kind::Failing,
            "first" => Kind::First,
            _ => return Err(needs.to_owned()),
        };
        let (path, settings) = rest.split_once(' ').unwrap_or((rest, ""));
        let settings = settings.split(" / ").map(str::trim);
        let mut prediction = Prediction {
            kind,
            path,
            settings: settings.filter(|it| !it.is_empty()).collect(),
            misses: Vec::new(),
            meaning: String::new(),
            lines: below.len() + 1,
        };
        for line in below {
            if line.starts_with("- ") {
                let item = line.strip_prefix("- *").and_then(|it| it.split_once("*: "));
                let (text, why) = item.ok_or_else(|| {
                    format!("has a near miss that isn't `- *outcome*: why`: {line}")
                })?;
                prediction
                    .misses
                    .push((text.to_owned(), why.trim().to_owned()));
                continue;
            }
            let to = match prediction.misses.last_mut() {
                Some((_, why)) => why,
                None => &mut prediction.meaning,
            };
            if !to.is_empty() {
                to.push(' ');
            }
            to.push_str(line.trim());
        }
        Ok(prediction)
    }

    /// Returns the question as HTML without a blank line. The directive is on line `at` of `page`, whose paths are relative
    /// to `folder`. With `fold`, the answer is in a fold.
    pub(crate) fn html(
        &self,
        page: &[&str],
        at: usize,
        folder: &Path,
        fold: bool,
    ) -> Result<String, String> {
        let path = folder.join(self.path);
        let question = self.question(&path, page, at)?;
        let json = serde_json::to_string(&question).map_err(|error| error.to_string())?;
        let json = json.replace('<', "\\u003c");
        let mut made = format!(
            "<div class=\"prediction\" id=\"predict-{}-{}\">\n<script type=\"application/json\">{json}</script>\n",
            question.data.replace('/', "-"),
            match self.kind {
                Kind::Outcomes => "outcomes",
                Kind::Failing => "failing",
                Kind::First => "first",
            }
        );
        if self.kind != Kind::Failing {
            made.push_str("<ul>");
            for option in &question.options {
                let _ = write!(made, "<li>{}</li>", escaped(&option.text));
            }
            made.push_str("</ul>\n");
        }
        if fold {
            let _ = writeln!(
                made,
                "<details><summary>The answer</summary>{}</details>",
                question.answer()
            );
        }
        made.push_str("</div>\n");
        Ok(made)
    }

    fn question(&self, path: &Path, page: &[&str], at: usize) -> Result<Question, String> {
        let error = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
        let json = fs::read_to_string(path).map_err(|it| error(&it))?;
        let chapter = chapter(path).ok_or_else(|| error(&"is not in a crate's `diagrams`"))?;
        let name = stem(path);
        let mut question = Question {
            kind: self.kind,
            figure: String::new(),
            data: format!("{chapter}/{name}"),
            executions: None,
            at: Vec::new(),
            options: Vec::new(),
            meaning: html(&self.meaning),
        };
        let mut pictures = vec![name];
        if self.kind == Kind::First {
            let runs: Value = serde_json::from_str(&json).map_err(|it| error(&it))?;
            let names = runs["pictures"].as_object().into_iter().flatten();
            pictures = names.map(|(name, _)| name.clone()).collect();
            question.at = self.positions(&runs).map_err(|it| error(&it))?;
            question.options = ends(&runs, &question.at).map_err(|it| error(&it))?;
        } else {
            let recording: Recording = serde_json::from_str(&json).map_err(|it| error(&it))?;
            let failing = recording.executions.iter().filter(|it| it.fails).count();
            question.executions = Some([recording.executions.len(), failing]);
            question.options = outcomes(&recording);
            for (text, why) in &self.misses {
                if question.options.iter().any(|option| option.text == *text) {
                    return Err(error(&format!("has executions with the outcome `{text}`")));
                }
                question.options.push(Choice {
                    text: text.clone(),
                    count: Some(0),
                    why: html(why),
                    ..Choice::default()
                });
            }
            question.options.sort_by(|a, b| a.text.cmp(&b.text));
        }
        let shown = pictures.iter().filter_map(|name| {
            let include = format!("/{chapter}/diagrams/{name}.txt}}}}");
            let line = page.iter().position(|line| line.contains(&include))?;
            // The next picture below the question or, if there is none, one above it.
            Some((line < at, line, name))
        });
        let (.., picture) = shown
            .min()
            .ok_or_else(|| error(&"is predicted, but none of its pictures is on the page"))?;
        question.figure = format!("figure-{chapter}-{picture}");
        Ok(question)
    }

    /// Returns the positions of the sliders at the settings, which the page writes in their order.
    fn positions(&self, runs: &Value) -> Result<Vec<usize>, String> {
        let parameters: Vec<&Value> = runs["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .collect();
        if parameters.len() != self.settings.len() {
            return Err(format!(
                "has {} sliders; name a setting for each",
                parameters.len()
            ));
        }
        let position = |(parameter, setting): (&&Value, &&str)| {
            let values = parameter["values"].as_array().into_iter().flatten();
            let mut values = values.map(|value| value.as_str().unwrap_or_default());
            values
                .position(|value| value == *setting)
                .ok_or_else(|| format!("`{setting}` is no setting of {}", parameter["name"]))
        };
        parameters
            .iter()
            .zip(&self.settings)
            .map(position)
            .collect()
    }
}

impl Question {
    /// Returns the answer as HTML, without its links.
    fn answer(&self) -> String {
        let mut made = String::new();
        if let (Kind::Failing, Some([all, failing])) = (self.kind, self.executions) {
            let _ = write!(made, "<p>{failing} of the {all} executions fail.</p>");
        }
        made.push_str("<ul>");
        for option in &self.options {
            let _ = write!(made, "<li>{}: ", escaped(&option.text));
            let _ = match (option.count, option.ms) {
                (Some(0), _) => write!(made, "no execution. {}", option.why),
                (Some(count), _) => {
                    let mark = if option.fails { "×" } else { "✓" };
                    write!(made, "{count} of the executions {mark}")
                }
                (None, Some(ms)) => {
                    let failed = option.failed.filter(|failed| *failed > 0);
                    let failed = failed.map(|failed| format!(", and {failed} items fail"));
                    let first = if option.right { ", the first" } else { "" };
                    write!(made, "{ms} ms{}{first}", failed.unwrap_or_default())
                }
                (None, None) => Ok(()),
            };
            made.push_str("</li>");
        }
        made.push_str("</ul>");
        if !self.meaning.is_empty() {
            let _ = write!(made, "<p>{}</p>", self.meaning);
        }
        made
    }
}

/// Returns the distinct outcomes of a recording, each with the simplest execution that has it.
fn outcomes(recording: &Recording) -> Vec<Choice> {
    let mut choices: Vec<Choice> = Vec::new();
    for (index, execution) in recording.executions.iter().enumerate() {
        let known = choices
            .iter_mut()
            .find(|choice| choice.text == execution.result);
        let Some(choice) = known else {
            choices.push(Choice {
                text: execution.result.clone(),
                right: true,
                count: Some(1),
                execution: Some(index),
                fails: execution.fails,
                ..Choice::default()
            });
            continue;
        };
        choice.count = choice.count.map(|count| count + 1);
        // The same outcome can fail in one execution and pass in another.
        choice.fails |= execution.fails;
        let best = choice.execution.unwrap_or(index);
        if simplicity(recording, execution) < simplicity(recording, &recording.executions[best]) {
            choice.execution = Some(index);
        }
    }
    choices
}

/// Returns how simple an execution is, as the instrument that recorded it does: its stale reads, then its switches
/// between threads, then its steps.
fn simplicity(recording: &Recording, execution: &Recorded) -> (bool, usize, usize) {
    let operations = execution
        .steps
        .iter()
        .map(|step| &recording.operations[*step]);
    let together = operations.clone().filter(|it| !it.solo);
    let threads: Vec<usize> = together.map(|it| it.thread).collect();
    let switches = threads.windows(2).filter(|pair| pair[0] != pair[1]).count();
    (
        operations.clone().any(|it| it.stale),
        switches,
        threads.len(),
    )
}

/// Returns when each variant ends at the sliders' positions. The first one without failures is right.
fn ends(runs: &Value, at: &[usize]) -> Result<Vec<Choice>, String> {
    let is_at = |run: &&Value| {
        let positions = run["at"].as_array().into_iter().flatten().zip(at);
        positions
            .into_iter()
            .all(|(position, at)| position.is_null() || position.as_u64() == Some(*at as u64))
    };
    let runs = runs["runs"].as_array().into_iter().flatten().filter(is_at);
    let mut choices: Vec<Choice> = runs
        .map(|run| Choice {
            text: run["variant"]
                .as_str()
                .or(run["strategy"].as_str())
                .unwrap_or_default()
                .to_owned(),
            ms: run["total_ms"].as_u64().or(run["ms"].as_u64()),
            failed: run["failed"].as_u64(),
            ..Choice::default()
        })
        .collect();
    let whole = choices
        .iter()
        .filter(|choice| choice.failed.unwrap_or(0) == 0);
    let first = whole
        .filter_map(|choice| choice.ms)
        .min()
        .ok_or("has no run there")?;
    for choice in &mut choices {
        choice.right = choice.ms == Some(first) && choice.failed.unwrap_or(0) == 0;
    }
    if choices.iter().all(|choice| choice.right) {
        return Err("has only equal runs there; choose other settings".to_owned());
    }
    Ok(choices)
}

/// Returns the crate's folder: `01-pool` for `crates/01-pool/diagrams/claims.json`.
fn chapter(path: &Path) -> Option<String> {
    let folder = path.parent()?;
    (folder.file_name()? == "diagrams").then_some(())?;
    Some(folder.parent()?.file_name()?.to_str()?.to_owned())
}

/// Returns a sentence of Markdown as HTML: of Markdown, it may have code in backticks.
fn html(text: &str) -> String {
    let parts = text.split('`').enumerate();
    let part = |(index, part): (usize, &str)| match index % 2 {
        0 => escaped(part),
        _ => format!("<code>{}</code>", escaped(part)),
    };
    parts.map(part).collect()
}
