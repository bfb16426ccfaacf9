//! Prepares a page's pictures, listings and hints before mdBook renders the page.
//!
//! A page includes a picture as text, with a caption in italics below it. [`page`] turns the two into a figure, says
//! what the parts of the text stand for, so that the page can give them colours, and adds a description in words, an SVG
//! to download and, if there is data, a place for the executions to step through, or for the runs to slide through or to
//! choose from. The page's first race stands open, so its executions are embedded in the page. All other data is in
//! scripts beside the SVG files ([`data`]), which a figure loads when it is opened: that works without a server. Without
//! scripts, and in any other renderer, the page still has the picture and its caption.
//!
//! A line `{{#predict …}}` asks the reader what a recording holds; see [`Prediction`].
//!
//! Below a listing whose caption names its file, [`page`] adds the command that runs it. It replaces a line
//! `{{#hints ../../crates/workshop/info.toml pool1}}` by that exercise's hints, each in a fold.
//!
//! This pass runs before mdBook's `links`, because it needs the paths of the includes. After `links`,
//! [`trimmed`] removes the blank lines at both ends of each code block, and its indentation.

mod deck;
mod embedded;
mod hints;
mod ink;
mod kernel;
mod listing;
mod prediction;

use std::collections::HashSet;
use std::fmt::Write as _;
use std::fs;
use std::iter::Peekable;
use std::path::{Path, PathBuf};

use diagram::Picture;
use interleave::Recording;
use timeline::Sweep;

pub use deck::deck;
pub use hints::{Directive, hints};
pub use prediction::Prediction;

/// Returns the page with its figures. The paths of its includes are relative to `folder`.
///
/// # Errors
///
/// A message, if a file can't be read, or has data that no instrument writes.
pub fn page(content: &str, folder: &Path) -> Result<String, String> {
    let lines: Vec<&str> = content.lines().collect();
    let mut made = String::with_capacity(content.len() * 2);
    let mut page = Page::default();
    let mut at = 0;
    while at < lines.len() {
        if let Some(directive) = Directive::of_line(lines[at]) {
            push(
                &mut made,
                &folded(directive, folder)
                    .map_err(|error| format!("`{}` {error}", lines[at].trim()))?,
            );
            at += 1;
            continue;
        }
        if let Some(prediction) = Prediction::at(&lines[at..]) {
            let error = |error: String| format!("`{}` {error}", lines[at]);
            let prediction = prediction.map_err(error)?;
            let below = at + prediction.lines;
            let next = lines[below..].iter().find(|line| !line.is_empty());
            // A fold below the question tells the answer.
            let fold = next.is_none_or(|line| *line != "<details>");
            made.push_str(&prediction.html(&lines, at, folder, fold).map_err(error)?);
            at = below;
            continue;
        }
        let Some(block) = Block::at(&lines[at..]) else {
            push(&mut made, lines[at]);
            at += 1;
            continue;
        };
        let whole = &lines[at..at + block.lines];
        match block.language {
            "text" if block.caption.is_some() => {
                let path = folder.join(block.included);
                page.figure(&mut made, whole, &block, &path)?;
            }
            _ => {
                whole.iter().for_each(|line| push(&mut made, line));
                if let Some(command) = listing::command(&block) {
                    push(&mut made, &command);
                }
            }
        }
        at += block.lines;
    }
    Ok(beside(&made))
}

fn folded(directive: Result<Directive<'_>, String>, folder: &Path) -> Result<String, String> {
    let Directive { path, exercise } = directive?;
    let path = folder.join(path);
    let info = fs::read_to_string(&path)
        .map_err(|error| format!("can't be read: {}: {error}", path.display()))?;
    Ok(hints::folded(&hints(&info, exercise)?))
}

/// Returns the page with its code blocks trimmed. The blank lines at both ends go: the sources need those, because
/// a Go doc comment right below an anchor's comment would be one comment with it. And the indentation that all
/// lines of a block share goes, except in pictures and consoles.
pub fn trimmed(content: &str) -> String {
    let mut made = String::with_capacity(content.len());
    let mut lines = content.lines();
    while let Some(line) = lines.next() {
        push(&mut made, line);
        let marks = line.trim_start();
        let ticks = marks.len() - marks.trim_start_matches('`').len();
        if ticks < 3 {
            continue;
        }
        let (fence, info) = marks.split_at(ticks);
        let mut block: Vec<&str> = Vec::new();
        let end = loop {
            match lines.next() {
                Some(line) if line.trim() == fence => break Some(line),
                Some(line) => block.push(line),
                None => break None,
            }
        };
        let is_code = !info.starts_with("text") && !info.starts_with("console");
        let outer = line.len() - marks.len();
        for line in listing::trimmed(&block, outer, is_code) {
            push(&mut made, &line);
        }
        if let Some(end) = end {
            push(&mut made, end);
        }
    }
    made
}

fn push(made: &mut String, line: &str) {
    made.push_str(line);
    made.push('\n');
}

/// A fence with a single include, and the paragraph in italics below it.
struct Block<'a> {
    language: &'a str,
    /// The path as written on the page, without its anchor.
    included: &'a str,
    /// Whether the include brings the whole file.
    whole: bool,
    /// The number of lines from the opening fence to the closing one.
    fence: usize,
    caption: Option<Vec<&'a str>>,
    /// The number of lines with the caption.
    lines: usize,
}

impl<'a> Block<'a> {
    fn at(lines: &[&'a str]) -> Option<Block<'a>> {
        let info = lines.first()?.strip_prefix("```")?;
        let language = info.split([',', ' ']).next()?;
        if language.is_empty() || lines.get(2)?.trim_end() != "```" {
            return None;
        }
        let directive = lines[1].trim().strip_prefix("{{#include ")?;
        let path = directive.strip_suffix("}}")?.trim();
        let included = path.split_once(':').map_or(path, |(path, _)| path);
        let mut block = Block {
            language,
            included,
            whole: included == path,
            fence: 3,
            caption: None,
            lines: 3,
        };
        if lines.get(3).is_some_and(|line| line.is_empty()) {
            let caption: Vec<&str> = lines[4..]
                .iter()
                .copied()
                .take_while(|line| !line.is_empty())
                .collect();
            let first = caption.first().is_some_and(|line| line.starts_with('*'));
            // A comment below the caption names the source of its figures.
            let last = caption.iter().rfind(|line| !line.starts_with("<!--"));
            let last = last.is_some_and(|line| line.ends_with('*'));
            if first && last && !caption[0].starts_with("**") {
                block.lines = 4 + caption.len();
                block.caption = Some(caption);
            }
        }
        Some(block)
    }
}

/// Returns the script with the data of `path`, or `None` if that isn't data that a reader can step or slide through. A
/// page loads it as `diagrams/01-pool/sweep.js`.
///
/// # Errors
///
/// A message, if a file can't be read, or the sources aren't those of the recording.
pub fn data(path: &Path) -> Result<Option<String>, String> {
    let name = stem(path);
    let Some(drawn) = Drawn::of(&path.with_extension("txt")) else {
        return Ok(None);
    };
    let data = if name.ends_with("sweep") {
        drawn.json(&name)?.map(|json| embedded::sweep(&json))
    } else if name.ends_with("-runs") {
        drawn.json(&name)?.map(|json| embedded::choices(&json))
    } else {
        return Ok(drawn.executions()?.map(|race| drawn.script(&race.data)));
    };
    let data = data.transpose().map_err(|error| drawn.error(&error))?;
    Ok(data.map(|data| drawn.script(&data)))
}

/// The figures of the page so far, and whether one of them stands open.
#[derive(Default)]
struct Page {
    figures: HashSet<String>,
    opened: bool,
}

/// The executions of a race, for the explorer.
struct Race {
    data: String,
    executions: usize,
    failing: usize,
}

impl Page {
    fn figure(
        &mut self,
        made: &mut String,
        lines: &[&str],
        block: &Block<'_>,
        path: &Path,
    ) -> Result<(), String> {
        let drawn = Drawn::of(path);
        let mut id = match &drawn {
            Some(drawn) => format!("figure-{}-{}", drawn.folder, drawn.name),
            None => format!("figure-{}", stem(path)),
        };
        while !self.figures.insert(id.clone()) {
            id.push_str("-again");
        }
        let put = |made: &mut String, line: &str| push(made, line);
        put(made, &format!("<figure class=\"picture\" id=\"{id}\">\n"));
        match ink::block(path, drawn.as_ref()).filter(|_| block.whole) {
            Some(text) => made.push_str(&text),
            None => lines[..block.fence].iter().for_each(|line| put(made, line)),
        }
        put(made, "\n<figcaption>\n");
        let caption = block.caption.iter().flatten();
        let goal = |line: &&str| {
            Some(
                line.strip_prefix("<!-- goal: ")?
                    .strip_suffix(" -->")?
                    .to_owned(),
            )
        };
        for line in caption.clone().filter(|line| goal(line).is_none()) {
            put(made, line);
        }
        put(made, "\n</figcaption>");
        if let Some(drawn) = drawn {
            self.tools(made, &drawn, caption.into_iter().find_map(goal))?;
        }
        put(made, "</figure>");
        Ok(())
    }

    /// Writes the description, the link to the SVG, and the data. It has no blank line: it is one block of HTML.
    fn tools(
        &mut self,
        made: &mut String,
        drawn: &Drawn,
        goal: Option<String>,
    ) -> Result<(), String> {
        let picture = drawn.picture()?;
        let svg = format!("diagrams/{}/{}.svg", drawn.folder, drawn.name);
        let _ = writeln!(made, "<div class=\"picture-tools\">");
        let words = picture.description().map_err(|error| drawn.error(&error))?;
        // A text that consists of words is its own description.
        let is_text = match &picture {
            Picture::Drawing(drawing) => {
                words.split_whitespace().eq(drawing.text.split_whitespace())
            }
            _ => false,
        };
        if !is_text {
            let items = words
                .lines()
                .map(|line| format!("<li>{}</li>", escaped(line)));
            let items: String = items.collect();
            let _ = writeln!(
                made,
                "<details class=\"in-words\"><summary>In words</summary><ul>{items}</ul></details>"
            );
        }
        let _ = writeln!(made, "<a class=\"as-svg\" href=\"{svg}\" download>SVG</a>");
        let _ = writeln!(made, "</div>");
        let Drawn { folder, name, .. } = drawn;
        if let Some(race) = drawn.executions()? {
            let opens = race.failing > 0 && !self.opened;
            let mut with = format!(
                "data-executions=\"{}\" data-failing=\"{}\"",
                race.executions, race.failing
            );
            if let Some(goal) = goal {
                let _ = write!(with, " data-goal=\"{}\"", attribute(&goal));
            }
            if opens {
                self.opened = true;
                with.push_str(" data-open");
                let _ = writeln!(
                    made,
                    "<script type=\"application/json\" class=\"executions\">{}</script>",
                    race.data
                );
            }
            let _ = writeln!(
                made,
                "<span class=\"explore\" data-from=\"{folder}/{name}\" {with} hidden></span>"
            );
        }
        if let Some((sweep, names)) = drawn.sweep()? {
            let _ = writeln!(
                made,
                "<span class=\"slide\" data-from=\"{folder}/{sweep}\" data-names=\"{names}\" \
                 data-picture=\"{name}\" hidden></span>"
            );
        }
        if let Some((choices, names)) = drawn.choices()? {
            let _ = writeln!(
                made,
                "<span class=\"choose\" data-from=\"{folder}/{choices}\" data-names=\"{names}\" hidden></span>"
            );
        }
        Ok(())
    }
}

/// A picture drawn by a crate's tests: `crates/01-pool/diagrams/window.txt`.
pub struct Drawn {
    /// The crate's folder: `01-pool`.
    pub folder: String,
    /// The file's name without its extension: `window`.
    pub name: String,
    path: PathBuf,
}

impl Drawn {
    /// Returns the picture whose text is at `path`, or `None` if that isn't in a crate's `diagrams`.
    pub fn of(path: &Path) -> Option<Drawn> {
        let folder = path.parent()?;
        if folder.file_name()? != "diagrams" || path.extension()? != "txt" {
            return None;
        }
        Some(Drawn {
            folder: folder.parent()?.file_name()?.to_str()?.to_owned(),
            name: stem(path),
            path: path.to_owned(),
        })
    }

    /// Reads the picture from its data, or from its text if it has no data.
    ///
    /// # Errors
    ///
    /// A message, if a file can't be read or isn't a picture.
    pub fn picture(&self) -> Result<Picture, String> {
        match self.json(&self.name)? {
            Some(json) => Picture::from_json(&json).map_err(|error| self.error(&error)),
            None => {
                let text = fs::read_to_string(&self.path).map_err(|error| self.error(&error))?;
                Ok(Picture::Drawing(diagram::Drawing { text }))
            }
        }
    }

    /// Returns the data of a race's executions, if this is a race with more than one execution.
    fn executions(&self) -> Result<Option<Race>, String> {
        let Some(json) = self.json(&self.name)? else {
            return Ok(None);
        };
        // A picture without executions doesn't parse as a recording.
        let Ok(recording) = serde_json::from_str::<Recording>(&json) else {
            return Ok(None);
        };
        if recording.executions.len() < 2 {
            return Ok(None);
        }
        // `crates/01-pool/diagrams/claims.txt` is below the root.
        let root = self.path.ancestors().nth(4).unwrap_or(Path::new(""));
        Ok(Some(Race {
            data: embedded::recording(&json, root).map_err(|error| self.error(&error))?,
            executions: recording.executions.len(),
            failing: recording.executions.iter().filter(|it| it.fails).count(),
        }))
    }

    /// Returns the name of the sweep that the picture belongs to, and the names of its sliders.
    fn sweep(&self) -> Result<Option<(String, String)>, String> {
        let folder = self.path.parent().unwrap_or(Path::new(""));
        let entries = fs::read_dir(folder).map_err(|error| self.error(&error))?;
        let mut names: Vec<String> = entries
            .filter_map(|entry| Some(stem(&entry.ok()?.path())))
            .filter(|name| name.ends_with("sweep"))
            .collect();
        names.sort();
        for name in names {
            let Some(json) = self.json(&name)? else {
                continue;
            };
            let sweep: Sweep = serde_json::from_str(&json).map_err(|error| self.error(&error))?;
            if sweep.pictures.contains_key(&self.name) {
                return Ok(Some((name, self.sliders(&json)?)));
            }
        }
        Ok(None)
    }

    /// Returns the name of the runs that a reader chooses from, and the names of the sliders, if the picture `window` has
    /// a file `window-runs.json`.
    fn choices(&self) -> Result<Option<(String, String)>, String> {
        let name = format!("{}-runs", self.name);
        let json = self.json(&name)?;
        json.map(|json| Ok((name, self.sliders(&json)?)))
            .transpose()
    }

    /// Returns the names of the sliders of a sweep or of choices: `limit, durations`.
    fn sliders(&self, json: &str) -> Result<String, String> {
        let runs: serde_json::Value =
            serde_json::from_str(json).map_err(|error| self.error(&error))?;
        let parameters = runs["parameters"].as_array().into_iter().flatten();
        let names = parameters.map(|it| it["name"].as_str().unwrap_or_default().to_lowercase());
        Ok(attribute(&names.collect::<Vec<_>>().join(", ")))
    }

    /// Returns the script that hands data to the page.
    fn script(&self, data: &str) -> String {
        let Drawn { folder, path, .. } = self;
        let key = format!("{folder}/{}", stem(path));
        format!("(window.recorded ??= {{}})['{key}'] = {data};\n")
    }

    fn json(&self, name: &str) -> Result<Option<String>, String> {
        let path = self.path.with_file_name(format!("{name}.json"));
        match fs::read_to_string(&path) {
            Ok(json) => Ok(Some(json)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(format!("{}: {error}", path.display())),
        }
    }

    fn error(&self, error: &dyn std::fmt::Display) -> String {
        format!("{}: {error}", self.path.display())
    }
}

fn stem(path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default();
    stem.to_string_lossy().into_owned()
}

fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('>', "&gt;")
}

fn attribute(text: &str) -> String {
    escaped(text).replace('"', "&quot;")
}

/// Wraps the sections "In Go" and "In Rust" in one element, so that a wide page shows them side by side.
fn beside(page: &str) -> String {
    let mut made = String::with_capacity(page.len() + 200);
    let mut lines = page.lines().peekable();
    while let Some(line) = lines.next() {
        if line != "## In Go" {
            push(&mut made, line);
            continue;
        }
        let go = section(line, &mut lines);
        let Some(line) = lines.next_if_eq(&"## In Rust") else {
            made.push_str(&go);
            continue;
        };
        let rust = section(line, &mut lines);
        let _ = write!(
            made,
            "<div class=\"go-and-rust\"><div>\n\n{go}\n</div><div>\n\n{rust}\n</div></div>\n\n"
        );
    }
    made
}

/// Returns the heading and all lines up to the next heading of its level.
fn section<'a>(heading: &str, lines: &mut Peekable<impl Iterator<Item = &'a str>>) -> String {
    let mut text = format!("{heading}\n");
    while let Some(line) = lines.next_if(|line| !line.starts_with("## ")) {
        push(&mut text, line);
    }
    text
}
