//! Writes a picture's text as HTML, with an element around each part that has a meaning.
//!
//! What a part stands for comes from the picture's data: the diagram crate draws text and meanings together. A picture
//! without data, such as a table of outcomes or of measurements, has only the glyphs that mean the same in every picture
//! of the book: bars, the lines of boxes, and `✓` and `×` as words of their own. No word of a text is interpreted.

use std::path::Path;
use std::{fs, iter};

use diagram::{Drawing, Meaning, Painted, Picture, WIDTH};

use super::{Drawn, escaped};

/// The number of colours for threads and for curves. The fifth has the colour of the first.
const COLOURS: usize = 4;

/// Returns the text at `path` as a block of HTML, or `None` if nothing in it has a meaning. It is the same text: an
/// element adds no character.
pub(crate) fn block(path: &Path, drawn: Option<&Drawn>) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    let text = text.trim_matches('\n').to_owned() + "\n";
    let by_data = drawn
        .and_then(|drawn| drawn.picture().ok()?.painted(WIDTH).ok())
        .filter(|painted| painted.text == text);
    let by_glyph = || {
        Picture::from(Drawing { text: text.clone() })
            .painted(WIDTH)
            .ok()
    };
    let painted = by_data.or_else(by_glyph)?;
    // A drawing loses trailing blanks.
    if painted.runs.is_empty() || painted.text != text {
        return None;
    }
    Some(format!(
        "<pre><code class=\"language-text\">{}</code></pre>\n",
        html(&painted)
    ))
}

fn html(painted: &Painted) -> String {
    let text = &painted.text;
    let mut made = String::with_capacity(text.len() * 2);
    let mut runs = painted.runs.iter().peekable();
    let mut at = 0;
    while let Some(run) = runs.next() {
        let mut end = run.range.end;
        // Parts with only blanks between them share an element.
        let next = iter::from_fn(|| {
            runs.next_if(|next| {
                let between = &text[end..next.range.start];
                next.meaning == run.meaning && between.bytes().all(|byte| byte == b' ')
            })
            .inspect(|next| end = next.range.end)
        });
        next.for_each(drop);
        made.push_str(&escaped(&text[at..run.range.start]));
        let part = escaped(&text[run.range.start..end]);
        let mut class = class(run.meaning);
        // A value that didn't fit beside its step is no step of its own.
        if matches!(run.meaning, Meaning::Thread(_)) && part.starts_with('→') {
            class.push_str(" value");
        }
        made.push_str(&format!("<span class=\"{class}\">{part}</span>"));
        at = end;
    }
    made.push_str(&escaped(&text[at..]));
    made
}

fn class(meaning: Meaning) -> String {
    let name = match meaning {
        Meaning::Thread(index) => return format!("thread{}", index % COLOURS + 1),
        Meaning::Series(index) => return format!("series{}", index % COLOURS + 1),
        Meaning::Work => "work",
        Meaning::Unfinished => "unfinished",
        Meaning::Failure => "failure",
        Meaning::Success => "success",
        Meaning::Stale => "stale",
        Meaning::Waiting => "waiting",
        Meaning::Guide => "guide",
    };
    name.to_owned()
}
