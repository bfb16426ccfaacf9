//! Writes SVG documents from the few shapes that the pictures consist of.

use std::fmt::{self, Write};

use crate::theme::Palette;
use crate::{Theme, cells};

/// The width of a cell of code as a fraction of the font size. Nearly all fixed-width fonts have it.
pub(crate) const CELL: f64 = 0.6;

/// An SVG document under construction. Coordinates are in pixels from the upper left corner.
pub(crate) struct Canvas {
    pub(crate) palette: &'static Palette,
    body: String,
}

/// The appearance of text.
#[derive(Clone, Copy)]
pub(crate) struct Font {
    pub(crate) size: f64,
    pub(crate) colour: &'static str,
    pub(crate) bold: bool,
    pub(crate) anchor: Anchor,
}

/// The point of a text that its coordinates give.
#[derive(Clone, Copy)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// A rectangle.
#[derive(Clone, Copy)]
pub(crate) struct Rect {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

impl Font {
    pub(crate) fn new(size: f64, colour: &'static str) -> Font {
        Font {
            size,
            colour,
            bold: false,
            anchor: Anchor::Start,
        }
    }

    pub(crate) fn bold(self) -> Font {
        Font { bold: true, ..self }
    }

    pub(crate) fn anchored(self, anchor: Anchor) -> Font {
        Font { anchor, ..self }
    }
}

impl Canvas {
    pub(crate) fn new(theme: Theme) -> Canvas {
        Canvas {
            palette: theme.palette(),
            body: String::new(),
        }
    }

    /// Draws text in the reader's default font.
    pub(crate) fn text(&mut self, x: f64, y: f64, text: &str, font: Font) {
        self.text_element(x, y, text, font, "");
    }

    /// Draws code in a fixed-width font, stretched to exactly one cell per cell of the text.
    pub(crate) fn code(&mut self, x: f64, y: f64, text: &str, font: Font) {
        let cell = font.size * CELL;
        let mut start = 0;
        // SVG collapses blanks, so the text after two or more of them is positioned separately.
        for piece in text.split("  ") {
            let blanks = piece.len() - piece.trim_start_matches(' ').len();
            let word = piece.trim_matches(' ');
            if !word.is_empty() {
                let width = Px(cells::width(word) as f64 * cell);
                let exact = format!(
                    " font-family=\"ui-monospace, monospace\" textLength=\"{width}\" \
                     lengthAdjust=\"spacingAndGlyphs\""
                );
                self.text_element(x + (start + blanks) as f64 * cell, y, word, font, &exact);
            }
            start += cells::width(piece) + 2;
        }
    }

    fn text_element(&mut self, x: f64, y: f64, text: &str, font: Font, attributes: &str) {
        let (x, y, size, text) = (Px(x), Px(y), Px(font.size), Escaped(text));
        let weight = if font.bold {
            " font-weight=\"600\""
        } else {
            ""
        };
        let anchor = match font.anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        self.put(format_args!(
            "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" fill=\"{}\"{weight}{anchor}{attributes}>{text}</text>",
            font.colour
        ));
    }

    /// Draws a filled rectangle with round corners.
    pub(crate) fn rect(&mut self, rect: Rect, radius: f64, fill: &str) {
        let Rect {
            x,
            y,
            width,
            height,
        } = rect;
        let (x, y, width, height, radius) = (Px(x), Px(y), Px(width), Px(height), Px(radius));
        self.put(format_args!(
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"{radius}\" fill=\"{fill}\"/>"
        ));
    }

    /// Draws a line from one point to another.
    pub(crate) fn line(&mut self, from: (f64, f64), to: (f64, f64), stroke: &str, width: f64) {
        let (x1, y1, x2, y2, width) = (Px(from.0), Px(from.1), Px(to.0), Px(to.1), Px(width));
        self.put(format_args!(
            "<path d=\"M{x1} {y1}L{x2} {y2}\" stroke=\"{stroke}\" stroke-width=\"{width}\"/>"
        ));
    }

    /// Adds any other shape as XML, which must be well formed.
    pub(crate) fn put(&mut self, shape: fmt::Arguments<'_>) {
        // Writing to a string never fails.
        let _ = self.body.write_fmt(shape);
        self.body.push('\n');
    }

    /// Opens a group with a title, which browsers show as a tooltip and screen readers read.
    pub(crate) fn open(&mut self, title: &str) {
        self.put(format_args!("<g><title>{}</title>", Escaped(title)));
    }

    /// Closes the innermost open group.
    pub(crate) fn close(&mut self) {
        self.put(format_args!("</g>"));
    }

    /// Returns the document, `width` by `height` pixels, with its title and description.
    pub(crate) fn finish(self, width: f64, height: f64, title: &str, description: &str) -> String {
        let (width, height) = (Px(width.ceil()), Px(height.ceil()));
        let (title, description) = (Escaped(title), Escaped(description));
        let Palette { background, .. } = self.palette;
        let body = self.body;
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" role=\"img\" \
             font-family=\"system-ui, sans-serif\">\n\
             <title>{title}</title>\n\
             <desc>{description}</desc>\n\
             <rect width=\"100%\" height=\"100%\" fill=\"{background}\"/>\n\
             {body}</svg>\n"
        )
    }
}

/// Estimates the width of `text` in a proportional font, and errs on the wide side.
pub(crate) fn estimate(text: &str, size: f64) -> f64 {
    let ems = |glyph: char| match glyph {
        'i' | 'j' | 'l' | '\'' | '|' | '.' | ',' | ':' | ';' | '!' => 0.32,
        'f' | 't' | 'r' | 'I' | '(' | ')' | '[' | ']' | '/' | ' ' | '-' | '"' => 0.42,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '—' | '…' | '→' | '←' | '↓' | '↑' => 0.98,
        'A'..='Z' | '&' | '=' | '+' | '<' | '>' | '×' => 0.74,
        _ if glyph.is_ascii() => 0.62,
        _ => 1.0,
    };
    text.chars().map(ems).sum::<f64>() * size
}

/// A coordinate, printed to a hundredth of a pixel so that the bytes are the same on every machine.
pub(crate) struct Px(pub(crate) f64);

impl fmt::Display for Px {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hundredths = (self.0 * 100.0).round() as i64;
        let sign = if hundredths < 0 { "-" } else { "" };
        let (whole, rest) = (
            hundredths.unsigned_abs() / 100,
            hundredths.unsigned_abs() % 100,
        );
        match rest {
            0 => write!(f, "{sign}{whole}"),
            _ if rest.is_multiple_of(10) => write!(f, "{sign}{whole}.{}", rest / 10),
            _ => write!(f, "{sign}{whole}.{rest:02}"),
        }
    }
}

/// Text escaped for XML. Characters that XML doesn't allow become U+FFFD.
pub(crate) struct Escaped<'a>(pub(crate) &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for glyph in self.0.chars() {
            match glyph {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\n' | '\t' => f.write_char(glyph)?,
                '\u{FFFE}' | '\u{FFFF}' => f.write_char('\u{FFFD}')?,
                _ if glyph.is_control() => f.write_char('\u{FFFD}')?,
                _ => f.write_char(glyph)?,
            }
        }
        Ok(())
    }
}
