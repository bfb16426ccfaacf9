//! Boxes and arrows, drawn by hand and checked.

mod blocks;
mod strokes;
mod svg;

use serde::{Deserialize, Serialize};

use crate::{Error, Theme, boxes, cells, check_boxes};

/// A picture made of characters: boxes, lines, arrows, words.
///
/// It is drawn as it is, once it is known to be right: every line arrives somewhere
/// ([`check_boxes`] has the rule), and every glyph is exactly one cell wide, so that no font and no
/// terminal moves what stands to its right.
///
/// ```
/// use diagram::{Drawing, Error};
///
/// let right = Drawing { text: "┌─────┐\n│ box ├─→ out\n└─────┘\n".into() };
/// assert_eq!(right.to_string(), right.text);
///
/// let crooked = Drawing { text: "┌─────┐\n│ box │\n└──────┘\n".into() };
/// assert_eq!(crooked.to_string(), "\
/// line 2, column 7: '│' leads down, but nothing arrives from there
/// line 3, column 8: '┘' leads up, but nothing arrives from there
/// ");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drawing {
    /// The lines of the drawing.
    pub text: String,
}

impl Drawing {
    /// Says why the drawing can't be drawn, if it can't be at any width.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`] if there is nothing to be seen; [`Error::Glyph`] for the first glyph that
    /// is not exactly one cell wide (tabs and control characters among them);
    /// [`Error::LooseEnds`] for all lines that lead to where nothing arrives.
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

    /// The drawing, without blanks at its lines' ends and with a newline at its end.
    ///
    /// # Errors
    ///
    /// If [`Drawing::check`] fails, or a line takes more than `width` cells.
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

    /// Draws the drawing as an SVG document: each glyph in its own cell, lines as lines.
    ///
    /// # Errors
    ///
    /// If [`Drawing::check`] fails.
    pub fn svg(&self, theme: Theme) -> Result<String, Error> {
        self.check()?;
        Ok(svg::draw(&self.text, theme))
    }

    /// The words of the drawing, line by line, without what is only drawn. It is the description that
    /// the SVG document carries.
    ///
    /// # Errors
    ///
    /// If [`Drawing::check`] fails.
    pub fn description(&self) -> Result<String, Error> {
        self.check()?;
        Ok(svg::describe(&self.text))
    }
}
