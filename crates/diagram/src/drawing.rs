//! Boxes and arrows that are drawn by hand and checked.

mod blocks;
mod cell;
mod strokes;
mod svg;

use serde::{Deserialize, Serialize};

use crate::{Error, Theme, boxes, cells, check_boxes};

/// A picture made of characters: boxes, lines, arrows and words.
///
/// The text is printed unchanged after two checks. Every line must meet another ([`check_boxes`] gives
/// the rule), and every glyph must be exactly one cell wide, so that no font and no terminal shifts the
/// text to its right.
///
/// ```
/// use diagram::{Drawing, Error};
///
/// let right = Drawing { text: "┌─────┐\n│ box ├─→ out\n└─────┘\n".into() };
/// assert_eq!(right.to_string(), right.text);
///
/// let crooked = Drawing { text: "┌─────┐\n│ box │\n└──────┘\n".into() };
/// assert_eq!(crooked.to_string(), "\
/// line 2, column 7: '│' leads down, but no line meets it there
/// line 3, column 8: '┘' leads up, but no line meets it there
/// ");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drawing {
    /// The lines of the drawing.
    pub text: String,
}

impl Drawing {
    /// Reports a drawing that is wrong at any width.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`] if the text is blank, [`Error::Glyph`] for the first glyph that isn't exactly
    /// one cell wide (including tabs and control characters), [`Error::LooseEnds`] for all lines that
    /// don't meet another.
    pub fn check(&self) -> Result<(), Error> {
        if self.text.trim().is_empty() {
            return Err(Error::Empty { what: "lines" });
        }
        for (line, text) in (1..).zip(boxes::lines(&self.text)) {
            for (column, (glyph, cells)) in (1..).zip(cells::glyphs(text)) {
                if cells != 1 || cells::check_label(glyph).is_err() {
                    return Err(Error::Glyph {
                        line,
                        column,
                        glyph: glyph.to_owned(),
                    });
                }
            }
        }
        check_boxes(&self.text).map_err(Error::LooseEnds)
    }

    /// Returns the text of the drawing, without trailing blanks and with a final newline.
    ///
    /// # Errors
    ///
    /// If [`Drawing::check`] fails, or with [`Error::TooWide`] if a line takes more than `width` cells.
    pub fn text(&self, width: usize) -> Result<String, Error> {
        self.check()?;
        let mut drawn = String::with_capacity(self.text.len() + 1);
        for (line, text) in boxes::lines(self.text.trim_end()).enumerate() {
            let text = text.trim_end();
            let cells = cells::width(text);
            if cells > width {
                return Err(Error::TooWide {
                    line: line + 1,
                    cells,
                    width,
                });
            }
            drawn.push_str(text);
            drawn.push('\n');
        }
        Ok(drawn)
    }

    /// Renders the drawing as an SVG document: each glyph in its own cell, lines as lines.
    ///
    /// # Errors
    ///
    /// If [`Drawing::check`] fails.
    pub fn svg(&self, theme: Theme) -> Result<String, Error> {
        self.check()?;
        Ok(svg::draw(&self.text, theme))
    }

    /// Returns the words of the drawing, line by line, without boxes and arrows. The SVG document
    /// contains the same text.
    ///
    /// # Errors
    ///
    /// If [`Drawing::check`] fails.
    pub fn description(&self) -> Result<String, Error> {
        self.check()?;
        Ok(svg::describe(&self.text))
    }
}
