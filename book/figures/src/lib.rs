//! Prepares a page's pictures, listings and hints before mdBook renders the page.
//!
//! A page includes a picture as text, with a caption in italics below it. [`page`] turns the two into a figure, says
//! what the parts of the text stand for, so that the page can give them colours,
//! and adds a description in words, an SVG to download and, if there is data, the executions to step through, or
//! the runs to slide through or to choose from. The data is embedded in the page, so it works without a server. Without scripts,
//! and in any other renderer, the page still has the picture and its caption.
//!
//! Below a listing whose caption names its file, [`page`] adds the command that runs it. It replaces a line
//! `{{#hints ../../crates/workshop/info.toml pool1}}` by that exercise's hints, each in a fold.
//!
//! This pass runs before mdBook's `links`, because it needs the paths of the includes. After `links`,
//! [`trimmed`] removes the blank lines at both ends of each code block, and its indentation.

mod embedded;
mod hints;
mod ink;
mod listing;

use std::collections::HashSet;
use std::fmt::Write as _;
use std::fs;
use std::iter::Peekable;
use std::path::{Path, PathBuf};

use diagram::Picture;
use interleave::Recording;
use timeline::Sweep;

pub use hints::{Directive, hints};

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

/// The ids and the data that the page has used so far.
#[derive(Default)]
struct Page {
    figures: HashSet<String>,
    sweeps: HashSet<String>,
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
        for line in block.caption.iter().flatten() {
            put(made, line);
        }
        put(made, "\n</figcaption>");
        if let Some(drawn) = drawn {
            self.tools(made, &drawn)?;
        }
        put(made, "</figure>");
        Ok(())
    }

    /// Writes the description, the link to the SVG, and the data. It has no blank line: it is one block of HTML.
    fn tools(&mut self, made: &mut String, drawn: &Drawn) -> Result<(), String> {
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
        if let Some(executions) = drawn.executions()? {
            let _ = writeln!(
                made,
                "<script type=\"application/json\" class=\"executions\">{executions}</script>"
            );
        }
        if let Some((name, sweep)) = drawn.sweep()? {
            let key = format!("{}-{name}", drawn.folder);
            if self.sweeps.insert(key.clone()) {
                let _ = writeln!(
                    made,
                    "<script type=\"application/json\" class=\"sweep\" data-sweep=\"{key}\">{sweep}</script>"
                );
            }
            let _ = writeln!(
                made,
                "<span class=\"slide\" data-sweep=\"{key}\" data-picture=\"{}\" hidden></span>",
                drawn.name
            );
        }
        if let Some(choices) = drawn.choices()? {
            let _ = writeln!(
                made,
                "<script type=\"application/json\" class=\"choices\">{choices}</script>"
            );
            let _ = writeln!(made, "<span class=\"choose\" hidden></span>");
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
    fn executions(&self) -> Result<Option<String>, String> {
        let Some(json) = self.json(&self.name)? else {
            return Ok(None);
        };
        // A picture without executions doesn't parse as a recording.
        let recording: Option<Recording> = serde_json::from_str(&json).ok();
        let several = recording.is_some_and(|recording| recording.executions.len() > 1);
        if !several {
            return Ok(None);
        }
        let embedded = embedded::recording(&json).map_err(|error| self.error(&error))?;
        Ok(Some(embedded))
    }

    /// Returns the sweep that the picture belongs to, and the name of its file.
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
                let embedded = embedded::sweep(&json).map_err(|error| self.error(&error))?;
                return Ok(Some((name, embedded)));
            }
        }
        Ok(None)
    }

    /// Returns the runs that a reader chooses from, if the picture `window` has a file `window-runs.json`.
    fn choices(&self) -> Result<Option<String>, String> {
        let Some(json) = self.json(&format!("{}-runs", self.name))? else {
            return Ok(None);
        };
        let embedded = embedded::choices(&json).map_err(|error| self.error(&error))?;
        Ok(Some(embedded))
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
