//! Compares the figures on the chapters' pages with the files that they are from.
//!
//! - In the caption below an included `benches/*.txt`, each figure with a unit has to be in that file.
//! - In a sentence that names a `results.txt`, each figure with a unit has to be in that file.
//! - Any other paragraph with a figure in ns, µs, KB, MB, GB or % needs a comment `<!-- from: SOURCE -->`. SOURCE is
//!   the path of a file, relative to the repository's root, and each figure has to be in that file. Or SOURCE is
//!   `test NAME`, and a test under `crates/` has to have that name. Or it is a URL.
//!
//! A comment in a caption replaces the caption's file. Figures in code spans don't count.
//!
//! A figure is in a file if a number there, rounded to the figure's digits, is equal to it. A figure with ×, times or
//! % may also be the ratio of two numbers with the same unit, if these share a section or a label.

use crate::length::is_chapter;
use crate::markdown::{self, Block, Listing, Markdown};
use crate::page::{Line, Page};
use crate::{Finding, files_under};
use regex::Regex;
use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// The quantity that a unit measures. Values of the same kind can be converted into each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Time,
    Size,
    Percent,
    Ratio,
    Rate,
}

/// A unit: its kind, and its size in that kind's smallest unit.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Unit {
    kind: Kind,
    scale: f64,
}

const UNITS: &[(&str, Kind, f64)] = &[
    (r"ns|nanoseconds?", Kind::Time, 1.0),
    (r"µs|μs|us|microseconds?", Kind::Time, 1e3),
    (r"ms|milliseconds?", Kind::Time, 1e6),
    (r"s|seconds?", Kind::Time, 1e9),
    (r"min|minutes?", Kind::Time, 60e9),
    (r"B|bytes?", Kind::Size, 1.0),
    (r"[kK]B", Kind::Size, 1e3),
    (r"MB", Kind::Size, 1e6),
    (r"GB", Kind::Size, 1e9),
    (r"KiB", Kind::Size, 1024.0),
    (r"MiB", Kind::Size, 1_048_576.0),
    (r"GiB", Kind::Size, 1_073_741_824.0),
    (r"times", Kind::Ratio, 1.0),
];

/// Matches the text after a number: a scale in words, and a unit.
static SUFFIX: LazyLock<Regex> = LazyLock::new(|| {
    let units: Vec<&str> = UNITS.iter().map(|(pattern, ..)| *pattern).collect();
    let pattern = format!(
        r"^(?:\s?(?<scale>thousand|million|billion))?(?:\s?(?:(?<percent>%|per cent\b)|(?<ratio>×)|(?<unit>(?:{})\b))|\s(?:[a-z]+\s)?(?<rate>(?:a|per)\ssecond\b))",
        units.join("|")
    );
    Regex::new(&pattern).expect("the pattern is one")
});

static NUMBER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[0-9][0-9,_]*(?:\.[0-9]+)?").expect("the pattern is one"));

/// Matches the text between two numbers that share the second one's unit.
static SHARED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:\s(?:to|and|or)\s|,\s(?:(?:and|or)\s)?|\s?[–-]\s?)$")
        .expect("the pattern is one")
});

/// A number in a text.
#[derive(Debug, Clone, PartialEq)]
struct Figure {
    /// The text, with its unit.
    text: String,
    start: usize,
    end: usize,
    value: f64,
    /// Half of the place value of the last significant digit.
    half: f64,
    unit: Option<Unit>,
}

impl Figure {
    /// Whether `value`, in this figure's unit, rounds to this figure.
    fn rounds(&self, value: f64) -> bool {
        (value - self.value).abs() <= self.half * (1.0 + 1e-9) + 1e-12 * value.abs()
    }

    fn is_ratio(&self) -> bool {
        let kind = self.unit.map(|unit| unit.kind);
        matches!(kind, Some(Kind::Percent | Kind::Ratio))
    }

    /// Whether a paragraph with this figure needs a source.
    fn is_measured(&self) -> bool {
        match self.unit {
            Some(Unit {
                kind: Kind::Percent,
                ..
            }) => true,
            Some(Unit {
                kind: Kind::Time,
                scale,
            }) => scale < 1e6,
            Some(Unit {
                kind: Kind::Size,
                scale,
            }) => scale > 1.0,
            _ => false,
        }
    }
}

/// Returns the numbers in a text, in order.
fn figures(text: &str) -> Vec<Figure> {
    let mut figures: Vec<Figure> = Vec::new();
    for found in NUMBER.find_iter(text) {
        let before = text[..found.start()].chars().next_back();
        // The digits are part of a name, a version or a date.
        if before
            .is_some_and(|it| it.is_alphanumeric() || matches!(it, '_' | '.' | '-' | '#' | '/'))
        {
            continue;
        }
        let digits = found.as_str().trim_end_matches([',', '_']);
        let mut end = found.start() + digits.len();
        let plain: String = digits
            .chars()
            .filter(|it| *it != ',' && *it != '_')
            .collect();
        let Ok(mut value) = plain.parse::<f64>() else {
            continue;
        };
        let mut half = half_of_last(&plain);
        let mut unit = None;
        if let Some(suffix) = SUFFIX.captures(&text[end..]) {
            let whole = &suffix[0];
            let multiplied = suffix.name("ratio").is_some()
                && text[end + whole.len()..]
                    .trim_start()
                    .starts_with(|it: char| it.is_ascii_digit());
            if !multiplied {
                unit = unit_of(&suffix);
                let scale = match suffix.name("scale").map(|it| it.as_str()) {
                    Some("thousand") => 1e3,
                    Some("million") => 1e6,
                    Some("billion") => 1e9,
                    _ => 1.0,
                };
                value *= scale;
                half *= scale;
                end += whole.len();
            }
        }
        figures.push(Figure {
            text: text[found.start()..end].to_owned(),
            start: found.start(),
            end,
            value,
            half,
            unit,
        });
    }
    // "66 to 70 ns", "66, 70 and 351 ns".
    for at in (1..figures.len()).rev() {
        let (left, right) = (&figures[at - 1], &figures[at]);
        let between = &text[left.end..right.start];
        if let (None, Some(unit), true) = (left.unit, right.unit, SHARED.is_match(between)) {
            figures[at - 1].unit = Some(unit);
        }
    }
    figures
}

fn unit_of(suffix: &regex::Captures<'_>) -> Option<Unit> {
    let unit = |kind, scale| Some(Unit { kind, scale });
    if suffix.name("percent").is_some() {
        return unit(Kind::Percent, 1.0);
    }
    if suffix.name("ratio").is_some() {
        return unit(Kind::Ratio, 1.0);
    }
    if suffix.name("rate").is_some() {
        return unit(Kind::Rate, 1.0);
    }
    let name = suffix.name("unit")?.as_str();
    static PATTERNS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
        let pattern = |(pattern, ..): &(&str, Kind, f64)| Regex::new(&format!("^(?:{pattern})$"));
        UNITS
            .iter()
            .map(|it| pattern(it).expect("the pattern is one"))
            .collect()
    });
    let at = PATTERNS.iter().position(|pattern| pattern.is_match(name))?;
    let (_, kind, scale) = UNITS[at];
    unit(kind, scale)
}

/// Returns half of the place value of the last significant digit. Of a whole number, the first two digits and all up
/// to the last non-zero digit are significant.
fn half_of_last(plain: &str) -> f64 {
    if let Some((_, decimals)) = plain.split_once('.') {
        return 0.5 * 10f64.powi(-(decimals.len() as i32));
    }
    let zeros = plain.len() - plain.trim_end_matches('0').len();
    let zeros = zeros.min(plain.len().saturating_sub(2));
    0.5 * 10f64.powi(zeros as i32)
}

/// The numbers in a file that figures come from.
struct Source {
    numbers: Vec<Number>,
}

struct Number {
    figure: Figure,
    /// The section's number. A blank line begins a new one.
    section: usize,
    /// The beginning of its line, up to the first number.
    label: String,
    /// Whether it is in brackets: a range, whose ratios don't count.
    range: bool,
}

impl Source {
    fn read(text: &str) -> Source {
        let mut numbers = Vec::new();
        let mut section = 0;
        for line in text.lines() {
            if line.trim().is_empty() {
                section += 1;
                continue;
            }
            let mut found = figures(line);
            // A range has the unit of the number before it.
            for at in 1..found.len() {
                let (left, right) = (&found[at - 1], &found[at]);
                let between = line[left.end..right.start].trim();
                if right.unit.is_none()
                    && left.unit.is_some()
                    && (between == "(" || between == "to")
                {
                    found[at].unit = found[at - 1].unit;
                }
            }
            let start = found.first().map_or(0, |it| it.start);
            let label = line[..start].trim_end_matches(|it: char| !it.is_alphanumeric());
            for figure in found {
                let open = line[..figure.start].matches('(').count();
                let closed = line[..figure.start].matches(')').count();
                numbers.push(Number {
                    figure,
                    section,
                    label: label.to_owned(),
                    range: open > closed,
                });
            }
        }
        Source { numbers }
    }

    /// Whether `figure` is one of the numbers, or the ratio of two of them.
    fn has(&self, figure: &Figure) -> bool {
        let Some(unit) = figure.unit else {
            return true;
        };
        self.numbers.iter().any(|it| same(figure, unit, &it.figure))
            || (figure.is_ratio() && self.has_ratio(figure, unit))
    }

    fn has_ratio(&self, figure: &Figure, unit: Unit) -> bool {
        let values = || self.numbers.iter().filter(|it| !it.range);
        values().any(|one| {
            values().any(|other| {
                let kind = |it: &Number| it.figure.unit.map(|unit| unit.kind);
                let related = one.section == other.section
                    || (!one.label.is_empty() && one.label == other.label);
                related && kind(one) == kind(other) && ratio(figure, unit, base(one) / base(other))
            })
        })
    }
}

fn base(number: &Number) -> f64 {
    number.figure.value * number.figure.unit.map_or(1.0, |unit| unit.scale)
}

/// Whether `number` rounds to `figure` after converting its unit. A number without a unit may have any.
fn same(figure: &Figure, unit: Unit, number: &Figure) -> bool {
    match number.unit {
        Some(found) if found.kind == unit.kind => {
            figure.rounds(number.value * found.scale / unit.scale)
        }
        Some(found) => {
            unit.kind == Kind::Percent
                && found.kind == Kind::Ratio
                && ratio(figure, unit, number.value)
        }
        None => {
            // A table may have its unit, bytes, in its heading.
            let bytes = unit.kind == Kind::Size && figure.rounds(number.value / unit.scale);
            bytes || figure.rounds(number.value)
        }
    }
}

/// Whether `ratio` rounds to `figure`. In per cent, "7 % more" and "7 % less" are ratios too.
fn ratio(figure: &Figure, unit: Unit, ratio: f64) -> bool {
    if !ratio.is_finite() {
        return false;
    }
    if unit.kind == Kind::Ratio {
        return figure.rounds(ratio);
    }
    [ratio, ratio - 1.0, 1.0 - ratio]
        .iter()
        .any(|it| figure.rounds(100.0 * it))
}

/// A source that a paragraph names.
#[derive(PartialEq, Eq)]
enum From {
    File(PathBuf),
    /// A test or a page on the web, which isn't read.
    Elsewhere,
}

/// The repository that the pages are in.
struct Repository<'a> {
    root: &'a Path,
    /// The names of all functions under `crates/`.
    functions: HashSet<String>,
}

impl Repository<'_> {
    fn from(&self, source: &str) -> Result<From, String> {
        if source.starts_with("https://") || source.starts_with("http://") {
            return Ok(From::Elsewhere);
        }
        if let Some(name) = source.strip_prefix("test ") {
            let name = name.trim().trim_matches('`');
            return if self.functions.contains(name) {
                Ok(From::Elsewhere)
            } else {
                Err(format!("there is no test `{name}` under crates/"))
            };
        }
        let path = self.root.join(source);
        if path.is_file() {
            Ok(From::File(path))
        } else {
            Err(format!(
                "`{source}` is neither a file of the repository nor `test NAME` nor a URL"
            ))
        }
    }

    /// Returns the `results.txt` that `code` names, on the page of the crate in `folder`.
    fn results(&self, code: &str, folder: &str) -> Option<PathBuf> {
        if !code.ends_with("results.txt") {
            return None;
        }
        let below = self.root.join("crates").join(folder);
        let paths = [
            self.root.join(code),
            below.join(code),
            below.join("benches").join(code),
        ];
        paths.into_iter().find(|path| path.is_file())
    }
}

fn functions(root: &Path) -> io::Result<HashSet<String>> {
    static FUNCTION: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\bfn ([a-z_0-9]+)").expect("the pattern is one"));
    let mut names = HashSet::new();
    if !root.join("crates").is_dir() {
        return Ok(names);
    }
    for path in files_under(&root.join("crates"), "rs")? {
        let source = fs::read_to_string(path)?;
        names.extend(
            FUNCTION
                .captures_iter(&source)
                .map(|found| found[1].to_owned()),
        );
    }
    Ok(names)
}

/// Checks the figures on the chapters' pages, in the repository at `root`.
pub fn check(root: &Path) -> io::Result<Vec<Finding>> {
    let repository = Repository {
        root,
        functions: functions(root)?,
    };
    let mut findings = Vec::new();
    for path in files_under(&root.join("book/src"), "md")? {
        if is_chapter(&path) {
            check_page(&repository, &Page::read(&path)?, &mut findings)?;
        }
    }
    Ok(findings)
}

fn check_page(
    repository: &Repository<'_>,
    page: &Page,
    findings: &mut Vec<Finding>,
) -> io::Result<()> {
    let text = page.text();
    let Markdown { blocks, listings } = markdown::read(&text);
    let stem = page.path.file_stem().unwrap_or_default().to_string_lossy();
    let folder = stem.trim_end_matches("-exercises");
    for block in &blocks {
        let mut check = Check {
            block,
            lines: &page.lines,
            findings,
        };
        let Some(sources) = check.sources(repository) else {
            continue; // the missing source is the finding
        };
        if sources.contains(&From::Elsewhere) {
            continue;
        }
        let caption = caption(block, &listings, &page.lines);
        for (start, sentence) in block.sentences() {
            let mut files: Vec<PathBuf> = Vec::new();
            files.extend(sources.iter().filter_map(|it| match it {
                From::File(path) => Some(path.clone()),
                From::Elsewhere => None,
            }));
            if files.is_empty() {
                let code = block.code_in(start, sentence.len());
                let named = code.iter().find_map(|it| repository.results(it, folder));
                files.extend(named.or_else(|| caption.clone()));
            }
            let figures = figures(sentence);
            if files.is_empty() {
                check.ask_for_sources(start, &figures);
            } else {
                check.compare(start, &figures, &files)?;
            }
        }
    }
    Ok(())
}

/// Returns the file of the measurement above `block`, if `block` is its caption: the paragraph in italics.
fn caption(block: &Block, listings: &[Listing], lines: &[Line]) -> Option<PathBuf> {
    let text = &lines[block.first].text;
    if !text.starts_with('*') || text.starts_with("**") {
        return None;
    }
    let above = listings.iter().find(|it| it.last + 2 == block.first)?;
    bench(&lines[above.first..=above.last])
}

/// Returns the file under `benches/` that a listing shows.
fn bench(listing: &[Line]) -> Option<PathBuf> {
    let file = &listing.iter().find(|line| line.included)?.file;
    let folder = file.parent()?.file_name()?;
    (folder == "benches" && file.extension()? == "txt").then(|| file.clone())
}

struct Check<'a> {
    block: &'a Block,
    lines: &'a [Line],
    findings: &'a mut Vec<Finding>,
}

impl Check<'_> {
    /// Returns the sources that the comments name, or `None` if one of them doesn't exist.
    fn sources(&mut self, repository: &Repository<'_>) -> Option<Vec<From>> {
        let mut sources = Some(Vec::new());
        for comment in &self.block.comments {
            let Some(source) = comment.strip_prefix("from:") else {
                continue;
            };
            match repository.from(source.trim()) {
                Ok(from) => {
                    if let Some(sources) = &mut sources {
                        sources.push(from);
                    }
                }
                Err(message) => {
                    self.find(0, message);
                    sources = None;
                }
            }
        }
        sources
    }

    fn find(&mut self, offset: usize, message: String) {
        let line = &self.lines[self.block.line_at(offset)];
        self.findings.push(Finding {
            file: line.file.clone(),
            line: line.number,
            message,
        });
    }

    /// Adds a finding for each figure that needs a source.
    fn ask_for_sources(&mut self, start: usize, figures: &[Figure]) {
        for figure in figures.iter().filter(|it| it.is_measured()) {
            let message = format!(
                "\"{}\" has no source; put `<!-- from: PATH -->`, `<!-- from: test NAME -->` or \
                 `<!-- from: URL -->` into the paragraph",
                figure.text
            );
            self.find(start + figure.start, message);
        }
    }

    /// Adds a finding for each figure with a unit that is in none of `files`.
    fn compare(&mut self, start: usize, figures: &[Figure], files: &[PathBuf]) -> io::Result<()> {
        let mut sources = Vec::new();
        for file in files {
            sources.push(Source::read(&fs::read_to_string(file)?));
        }
        for figure in figures {
            if sources.iter().any(|source| source.has(figure)) {
                continue;
            }
            let files: Vec<String> = files.iter().map(|it| it.display().to_string()).collect();
            let mut message = format!(
                "\"{}\" is not in {}: no number there rounds to it",
                figure.text,
                files.join(" or ")
            );
            if figure.is_ratio() {
                message += ", and no ratio of two numbers in one section or with one label";
            }
            self.find(start + figure.start, message);
        }
        Ok(())
    }
}
