//! A picture's text, with the meanings of its parts.

use std::ops::Range;

use crate::{Meaning, cells};

/// A picture's text, with the meanings of its parts.
///
/// ```
/// use diagram::{Lanes, Meaning, Picture, Step};
///
/// let picture = Picture::from(Lanes {
///     lanes: vec!["worker".into()],
///     steps: vec![Step::new(0, "value.load()").returns("0")],
///     verdict: Some("should be 1".into()),
///     ..Lanes::default()
/// });
/// let painted = picture.painted(80).unwrap();
/// assert_eq!(painted.text, picture.to_string());
/// let last = painted.runs.last().unwrap();
/// assert_eq!(last.meaning, Meaning::Failure);
/// assert_eq!(&painted.text[last.range.clone()], "× should be 1");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Painted {
    /// The text that [`Picture::text`](crate::Picture::text) returns.
    pub text: String,
    /// The parts that have a meaning, from first to last. No two overlap, and none contains the end of a line.
    pub runs: Vec<Run>,
}

/// A part of a text, and what it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The bytes of the text; never empty. They begin and end with a character that isn't blank.
    pub range: Range<usize>,
    /// What they stand for.
    pub meaning: Meaning,
}

/// A line that grows from left to right.
#[derive(Default)]
pub(crate) struct Line {
    text: String,
    runs: Vec<Run>,
}

impl Line {
    pub(crate) fn plain(text: impl Into<String>) -> Line {
        let text = text.into();
        Line { text, runs: vec![] }
    }

    pub(crate) fn all(text: &str, meaning: Meaning) -> Line {
        let mut line = Line::default();
        line.push(text, meaning);
        line
    }

    pub(crate) fn push_plain(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Appends `text`, all of it with `meaning` but for blanks at its ends. Joins the run before it, if that has the same
    /// meaning and there is nothing between the two.
    pub(crate) fn push(&mut self, text: &str, meaning: Meaning) {
        let start = self.text.len() + (text.len() - text.trim_start().len());
        let end = start + text.trim().len();
        self.text.push_str(text);
        match self.runs.last_mut() {
            _ if start == end => {}
            Some(last) if last.meaning == meaning && last.range.end == start => {
                last.range.end = end;
            }
            _ => self.runs.push(Run {
                range: start..end,
                meaning,
            }),
        }
    }

    /// Appends blanks up to the cell with the index `cell`.
    pub(crate) fn pad(&mut self, cell: usize) {
        self.text = cells::pad(&self.text, cell);
    }
}

impl From<String> for Line {
    fn from(text: String) -> Line {
        Line::plain(text)
    }
}

impl Painted {
    /// Puts lines below each other, without trailing blanks.
    pub(crate) fn of(lines: Vec<Line>) -> Painted {
        let mut painted = Painted::default();
        for line in lines {
            let start = painted.text.len();
            painted.runs.extend(line.runs.into_iter().map(|run| Run {
                range: start + run.range.start..start + run.range.end,
                ..run
            }));
            painted.text.push_str(line.text.trim_end());
            painted.text.push('\n');
        }
        painted
    }

    /// Paints the glyphs of a text that have the same meaning everywhere. See [`Meaning::of_glyph`].
    pub(crate) fn by_glyph(text: String) -> Painted {
        let lines = text.lines().map(|text| {
            let mut line = Line::default();
            let mut before = ' ';
            let mut glyphs = text.chars().peekable();
            while let Some(glyph) = glyphs.next() {
                let after = glyphs.peek().copied().unwrap_or(' ');
                let is_word = before == ' ' && after == ' ';
                let mut bytes = [0; 4];
                let shown = glyph.encode_utf8(&mut bytes);
                match Meaning::of_glyph(glyph, is_word) {
                    Some(meaning) => line.push(shown, meaning),
                    None => line.push_plain(shown),
                }
                before = glyph;
            }
            line
        });
        let runs = Painted::of(lines.collect()).runs;
        Painted { text, runs }
    }
}

/// Breaks `text` into lines like [`cells::wrap`]. What follows its first `plain` bytes has the meaning.
pub(crate) fn wrap(text: &str, width: usize, plain: usize, meaning: Meaning) -> Vec<Line> {
    let visible = |text: &str| text.chars().filter(|glyph| *glyph != ' ').count();
    // Breaking a text changes its blanks only.
    let mut before = visible(&text[..plain]);
    let lines = cells::wrap(text, width, 0, "").into_iter().map(|text| {
        let here = visible(&text);
        let (first, rest) = text.split_at(if before >= here {
            text.len()
        } else {
            let mut glyphs = text.char_indices().filter(|(_, glyph)| *glyph != ' ');
            glyphs.nth(before).map_or(text.len(), |(at, _)| at)
        });
        before = before.saturating_sub(here);
        let mut line = Line::plain(first);
        line.push(rest, meaning);
        line
    });
    lines.collect()
}
