//! Checks the built book: every link has a target, and nothing is fetched from another host.

use crate::{Finding, files_under, tidy};
use html5gum::{DefaultEmitter, StartTag, Token, Tokenizer};
use percent_encoding::percent_decode_str;
use std::collections::{HashMap, HashSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The links of a page in the built book, and their possible targets.
#[derive(Debug, Default)]
struct Html {
    ids: HashSet<String>,
    references: Vec<Reference>,
    /// Whether the page sets its own address (`<base>`), as the "not found" page does.
    based: bool,
}

#[derive(Debug)]
struct Reference {
    line: usize,
    to: String,
    /// Whether the reader follows it with a click; the browser fetches the others at once.
    followed: bool,
}

/// Returns everything wrong with the links of the book built in `folder`.
pub fn check(folder: &Path) -> io::Result<Vec<Finding>> {
    let folder = tidy(folder);
    let mut pages = HashMap::new();
    let paths = files_under(&folder, "html")?;
    for path in &paths {
        pages.insert(path.clone(), read(&fs::read_to_string(path)?));
    }
    let mut findings = Vec::new();
    if !pages.contains_key(&folder.join("index.html")) {
        let message = "there is no book here; run scripts/book --build".to_owned();
        findings.push(Finding {
            file: folder.join("index.html"),
            line: 1,
            message,
        });
    }
    for path in &paths {
        for Reference { line, to, followed } in &pages[path].references {
            if let Err(message) = resolve(&folder, path, to, *followed, &pages) {
                findings.push(Finding {
                    file: path.clone(),
                    line: *line,
                    message,
                });
            }
        }
    }
    for path in files_under(&folder, "css")? {
        let text = fs::read_to_string(&path)?;
        for (index, line) in text.lines().enumerate() {
            for to in urls_in(line) {
                if let Err(message) = resolve(&folder, &path, to, false, &pages) {
                    findings.push(Finding {
                        file: path.clone(),
                        line: index + 1,
                        message,
                    });
                }
            }
        }
    }
    Ok(findings)
}

/// Follows the reference `to` from the file at `from`, or returns why it can't.
fn resolve(
    folder: &Path,
    from: &Path,
    to: &str,
    followed: bool,
    pages: &HashMap<PathBuf, Html>,
) -> Result<(), String> {
    if to.starts_with("data:") || (followed && to.contains(':') && !to.starts_with("javascript:")) {
        return Ok(());
    }
    if to.contains(':') || to.starts_with("//") {
        return Err(format!(
            "`{to}` is fetched from another host; keep a copy in the book"
        ));
    }
    let (rest, fragment) = to.split_once('#').unwrap_or((to, ""));
    let file = rest.split('?').next().unwrap_or_default();
    let file = percent_decode_str(file).decode_utf8_lossy();
    let based = pages.get(from).is_some_and(|page| page.based);
    if file.starts_with('/') && !based {
        return Err(format!(
            "`{to}` breaks where the book isn't at the root of its host; make it relative"
        ));
    }
    let beside = if based {
        folder
    } else {
        from.parent().unwrap_or(folder)
    };
    let mut target = match &*file {
        "" => from.to_owned(),
        file => tidy(&beside.join(file.trim_start_matches('/'))),
    };
    if !target.starts_with(folder) {
        return Err(format!(
            "`{to}` points out of the book; link to a page in it"
        ));
    }
    if target.is_dir() {
        target.push("index.html");
    }
    if !target.is_file() {
        return Err(format!(
            "`{to}` has no target: {} doesn't exist; fix the link",
            target.display()
        ));
    }
    let fragment = percent_decode_str(fragment).decode_utf8_lossy();
    match pages.get(&target) {
        Some(page) if !fragment.is_empty() && !page.ids.contains(&*fragment) => Err(format!(
            "`{to}` has no target: {} has no heading or element #{fragment}; fix the link",
            target.display()
        )),
        _ => Ok(()),
    }
}

fn read(text: &str) -> Html {
    let mut html = Html::default();
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    emitter.naively_switch_states(true);
    for token in Tokenizer::new_with_emitter(text, emitter) {
        if let Ok(Token::StartTag(tag)) = token {
            let line = 1 + text.as_bytes()[..tag.span.start]
                .iter()
                .filter(|byte| **byte == b'\n')
                .count();
            read_tag(&tag, line, &mut html);
        }
    }
    html
}

fn read_tag(tag: &StartTag<usize>, line: usize, html: &mut Html) {
    let name = String::from_utf8_lossy(&tag.name).into_owned();
    for (attribute, value) in &tag.attributes {
        let value = String::from_utf8_lossy(value).into_owned();
        match (&*name, &*String::from_utf8_lossy(attribute)) {
            ("base", "href") => html.based = true,
            (_, "id") | ("a", "name") => {
                html.ids.insert(value);
            }
            ("a" | "area", "href") => {
                html.references.push(Reference {
                    line,
                    to: value,
                    followed: true,
                });
            }
            (_, "href" | "src" | "poster" | "data" | "xlink:href") => {
                html.references.push(Reference {
                    line,
                    to: value,
                    followed: false,
                });
            }
            (_, "srcset") => {
                for to in value
                    .split(',')
                    .filter_map(|it| it.split_whitespace().next())
                {
                    html.references.push(Reference {
                        line,
                        to: to.to_owned(),
                        followed: false,
                    });
                }
            }
            (_, "style") => {
                for to in urls_in(&value) {
                    html.references.push(Reference {
                        line,
                        to: to.to_owned(),
                        followed: false,
                    });
                }
            }
            _ => {}
        }
    }
}

/// Returns the URLs that a line of a style sheet fetches.
fn urls_in(css: &str) -> impl Iterator<Item = &str> {
    let quotes = |it: char| it.is_whitespace() || it == '"' || it == '\'';
    let urls = css
        .split("url(")
        .skip(1)
        .filter_map(|it| it.split(')').next());
    let imports = css
        .split("@import ")
        .skip(1)
        .filter_map(|it| it.split(';').next());
    urls.chain(imports.filter(|it| !it.contains("url(")))
        .map(move |it| it.trim_matches(quotes))
}
