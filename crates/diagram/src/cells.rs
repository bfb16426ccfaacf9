//! Text on a grid of cells: its width, padding and line breaks.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::Error;

/// Splits `text` into glyphs as a reader sees them, each with its width in cells.
pub(crate) fn glyphs(text: &str) -> impl Iterator<Item = (&str, usize)> {
    text.graphemes(true).map(|glyph| (glyph, glyph.width()))
}

/// Returns how many cells `text` takes on one line.
pub(crate) fn width(text: &str) -> usize {
    glyphs(text).map(|(_, cells)| cells).sum()
}

/// Pads `text` with blanks to `cells`.
pub(crate) fn pad(text: &str, cells: usize) -> String {
    text.to_owned() + &" ".repeat(cells.saturating_sub(width(text)))
}

/// Rejects characters that would break the line or shift the text beside the label.
pub(crate) fn check_label(text: &str) -> Result<(), Error> {
    let breaks_layout = |glyph: &char| {
        glyph.is_control()
            // Line and paragraph separators, and marks that change the writing direction.
            || matches!(glyph, '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    match text.chars().find(breaks_layout) {
        Some(glyph) => Err(Error::Label {
            text: text.to_owned(),
            glyph,
        }),
        None => Ok(()),
    }
}

/// Breaks `text` into lines of at most `width` cells, all but the first indented by `hang`.
///
/// Lines break at blanks and after the characters in `after`. A word that is wider than a line breaks
/// anywhere. A glyph that is wider than `width - hang` still gets its own line.
pub(crate) fn wrap(text: &str, width: usize, hang: usize, after: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    // Blanks are written only when a word follows them on the same line.
    let mut blanks = 0;
    let mut line_is_empty = true;
    for word in words(text, after) {
        if word == " " {
            blanks += 1;
            continue;
        }
        let cells = self::width(word);
        if used + blanks + cells > width && !line_is_empty {
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
        line_is_empty = false;
    }
    lines.push(line);
    lines
}

/// Splits `text` wherever a line may break. Each blank is a piece.
fn words<'a>(text: &'a str, after: &str) -> Vec<&'a str> {
    let mut words = Vec::new();
    let mut start = 0;
    for (index, glyph) in text.char_indices() {
        let end = index + glyph.len_utf8();
        if glyph == ' ' {
            if start < index {
                words.push(&text[start..index]);
            }
            words.push(&text[index..end]);
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
