//! Any of the six pictures, as stored in a JSON file.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Bars, Curve, Drawing, Error, Flow, Gantt, Lanes, Painted, Theme};

/// Any picture. In JSON, `kind` is a field beside the others: `{"kind": "gantt", "rows": […]}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Picture {
    /// What ran when.
    Gantt(Gantt),
    /// Which thread did what, in which order.
    Lanes(Lanes),
    /// How measurements compare.
    Bars(Bars),
    /// How a figure grows with another.
    Curve(Curve),
    /// Which part leads to which.
    Flow(Flow),
    /// Boxes and arrows, drawn by hand.
    Drawing(Drawing),
}

impl Picture {
    /// Reads a picture from `json`, which is either the picture itself or an object with the field
    /// `picture`. Other fields of that object are ignored.
    ///
    /// Doesn't check whether the picture can be drawn: see [`Picture::check`].
    ///
    /// # Errors
    ///
    /// [`Error::NotAPicture`] if the JSON contains something else, [`Error::Json`] if it is malformed
    /// or if the picture has a missing field, an unknown field or a field of the wrong type.
    pub fn from_json(json: &str) -> Result<Picture, Error> {
        let malformed = |error: serde_json::Error| Error::Json(error.to_string());
        let mut value: serde_json::Value = serde_json::from_str(json).map_err(malformed)?;
        if let Some(inner) = value.get_mut("picture") {
            value = inner.take();
        }
        let kind = value.get("kind").and_then(|kind| kind.as_str());
        if !matches!(
            kind,
            Some("gantt" | "lanes" | "bars" | "curve" | "flow" | "drawing")
        ) {
            return Err(Error::NotAPicture);
        }
        serde_json::from_value(value).map_err(malformed)
    }

    /// Returns the picture as indented JSON with a final newline. [`Picture::from_json`] reads it back.
    ///
    /// # Errors
    ///
    /// If [`Picture::check`] fails. JSON can't represent infinity or NaN.
    pub fn json(&self) -> Result<String, Error> {
        self.check()?;
        let json =
            serde_json::to_string_pretty(self).map_err(|error| Error::Json(error.to_string()))?;
        Ok(json + "\n")
    }

    /// Reports data that can't be drawn at any width.
    ///
    /// # Errors
    ///
    /// The first mistake in the data; for a [`Drawing`], all its loose ends.
    pub fn check(&self) -> Result<(), Error> {
        match self {
            Picture::Gantt(picture) => picture.check(),
            Picture::Lanes(picture) => picture.check(),
            Picture::Bars(picture) => picture.check(),
            Picture::Curve(picture) => picture.check(),
            Picture::Flow(picture) => picture.check(),
            Picture::Drawing(picture) => picture.check(),
        }
    }

    /// Draws the picture in lines of at most `width` cells, without trailing blanks.
    ///
    /// # Errors
    ///
    /// If [`Picture::check`] fails, or if the picture doesn't fit.
    pub fn text(&self, width: usize) -> Result<String, Error> {
        match self {
            Picture::Gantt(picture) => picture.text(width),
            Picture::Lanes(picture) => picture.text(width),
            Picture::Bars(picture) => picture.text(width),
            Picture::Curve(picture) => picture.text(width),
            Picture::Flow(picture) => picture.text(width),
            Picture::Drawing(picture) => picture.text(width),
        }
    }

    /// Draws the same text as [`Picture::text`], and says what its parts stand for.
    ///
    /// # Errors
    ///
    /// The same as [`Picture::text`].
    pub fn painted(&self, width: usize) -> Result<Painted, Error> {
        match self {
            Picture::Gantt(picture) => picture.painted(width),
            Picture::Lanes(picture) => picture.painted(width),
            Picture::Bars(picture) => picture.painted(width),
            Picture::Curve(picture) => picture.painted(width),
            Picture::Flow(picture) => Ok(Painted::by_glyph(picture.text(width)?)),
            Picture::Drawing(picture) => Ok(Painted::by_glyph(picture.text(width)?)),
        }
    }

    /// Draws the picture as one SVG document that needs no other file.
    ///
    /// # Errors
    ///
    /// If [`Picture::check`] fails, or if the times of a [`Gantt`] are too long for an axis.
    pub fn svg(&self, theme: Theme) -> Result<String, Error> {
        match self {
            Picture::Gantt(picture) => picture.svg(theme),
            Picture::Lanes(picture) => picture.svg(theme),
            Picture::Bars(picture) => picture.svg(theme),
            Picture::Curve(picture) => picture.svg(theme),
            Picture::Flow(picture) => picture.svg(theme),
            Picture::Drawing(picture) => picture.svg(theme),
        }
    }

    /// Describes the picture in words: one line per row, step, measurement or curve, then the outcome. The SVG
    /// document contains the same text.
    ///
    /// # Errors
    ///
    /// The same as [`Picture::svg`].
    pub fn description(&self) -> Result<String, Error> {
        match self {
            Picture::Gantt(picture) => picture.description(),
            Picture::Lanes(picture) => picture.description(),
            Picture::Bars(picture) => picture.description(),
            Picture::Curve(picture) => picture.description(),
            Picture::Flow(picture) => picture.description(),
            Picture::Drawing(picture) => picture.description(),
        }
    }
}

macro_rules! from {
    ($($picture:ident),*) => {$(
        impl From<$picture> for Picture {
            fn from(picture: $picture) -> Picture {
                Picture::$picture(picture)
            }
        }

        /// Prints the picture's text at [`WIDTH`](crate::WIDTH), or the error's message.
        impl fmt::Display for $picture {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                show(self.text(crate::WIDTH), f)
            }
        }
    )*};
}

from!(Gantt, Lanes, Bars, Curve, Flow, Drawing);

/// Prints the picture's text at [`WIDTH`](crate::WIDTH), or the error's message.
impl fmt::Display for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show(self.text(crate::WIDTH), f)
    }
}

fn show(text: Result<String, Error>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match text {
        Ok(text) => f.write_str(&text),
        Err(error) => writeln!(f, "{error}"),
    }
}
