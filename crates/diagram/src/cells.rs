//! Text on a grid of cells: how wide it is, how it is padded, where it is broken.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::Error;

/// What a reader sees as one glyph each, with the cells that it takes.
pub(crate) fn glyphs(text: &str) -> impl Iterator<Item = (&str, usize)> {
    text.graphemes(true).map(|glyph| (glyph, glyph.width()))
}

/// How many cells `text` takes in one line.
pub(crate) fn width(text: &str) -> usize {
    glyphs(text).map(|(_, cells)| cells).sum()
}

/// `text`, then blanks up to `cells`.
pub(crate) fn pad(text: &str, cells: usize) -> String {
    text.to_owned() + &" ".repeat(cells.saturating_sub(width(text)))
}

/// Refuses what would break a line or move what stands beside the label.
pub(crate) fn check_label(text: &str) -> Result<(), Error> {
    let moves = |glyph: &char| {
        glyph.is_control()
            // Line and paragraph separators, and the marks that reorder a line from within.
            || matches!(glyph, '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    match text.chars().find(moves) {
        Some(glyph) => Err(Error::Label {
            text: text.to_owned(),
            glyph,
        }),
        None => Ok(()),
    }
}

/// Breaks `text` into lines of at most `width` cells, all but the first indented by `hang`.
///
/// A line is broken at a blank or after one of `after`; a word that is wider than a line is broken
/// anywhere. A glyph that is wider than `width - hang` still gets a line of its own.
pub(crate) fn wrap(text: &str, width: usize, hang: usize, after: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    // Blanks count only if a word follows them on the same line.
    let mut blanks = 0;
    let mut fresh = true;
    for word in words(text, after) {
        if word == " " {
            blanks += 1;
            continue;
        }
        let cells = self::width(word);
        if used + blanks + cells > width && !fresh {
            lines.push(std::mem::replace(&mut line, " ".repeat(hang)));
            used = hang;
            blanks = 0;
        }
        line.extend(std::iter::repeat_n(' ', blanks));
        used += blanks;
        blanks = 0;
        for (glyph, cells) in glyphs(word) {
            if used + cells > width && used > hang {
                lines.push(std::mem::replace(&mut line, " ".repeat(hang)));
                used = hang;
            }
            line.push_str(glyph);
            used += cells;
        }
        fresh = false;
    }
    lines.push(line);
    lines
}

/// The pieces of `text` between which it may be broken; each blank is a piece.
fn words<'a>(text: &'a str, after: &str) -> Vec<&'a str> {
    let mut words = Vec::new();
    let mut start = 0;
    for (at, glyph) in text.char_indices() {
        let end = at + glyph.len_utf8();
        if glyph == ' ' {
            if start < at {
                words.push(&text[start..at]);
            }
            words.push(&text[at..end]);
            start = end;
        } else if after.contains(glyph) {
            words.push(&text[start..end]);
            start = end;
        }
    }
    if start < text.len() {
        words.push(&text[start..]);
    }
    words
}
