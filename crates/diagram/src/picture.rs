//! Any of the pictures, as a file holds it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Bars, Drawing, Error, Gantt, Lanes, Theme};

/// Any picture. In JSON its kind stands beside its fields: `{"kind": "gantt", "rows": […]}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Picture {
    /// What ran when.
    Gantt(Gantt),
    /// Who did what, in which order.
    Lanes(Lanes),
    /// How much of something.
    Bars(Bars),
    /// Boxes and arrows.
    Drawing(Drawing),
}

impl Picture {
    /// Reads the picture that `json` holds: the picture itself, or an object whose `picture` is one
    /// (what else is in that object is passed over).
    ///
    /// # Errors
    ///
    /// [`Error::NotAPicture`] if the JSON is about something else, [`Error::Json`] if it is
    /// malformed or the picture lacks a field, has an unknown one or one of the wrong type. Whether
    /// the picture can be drawn is for [`Picture::check`] to say.
    pub fn from_json(json: &str) -> Result<Picture, Error> {
        let malformed = |error: serde_json::Error| Error::Json(error.to_string());
        let mut value: serde_json::Value = serde_json::from_str(json).map_err(malformed)?;
        if let Some(inner) = value.get_mut("picture") {
            value = inner.take();
        }
        let kind = value.get("kind").and_then(|kind| kind.as_str());
        if !matches!(kind, Some("gantt" | "lanes" | "bars" | "drawing")) {
            return Err(Error::NotAPicture);
        }
        serde_json::from_value(value).map_err(malformed)
    }

    /// The picture as JSON, indented, with a final newline. [`Picture::from_json`] reads it back.
    ///
    /// # Errors
    ///
    /// If the picture can't be drawn: JSON has no way to write a number that is infinite or `NaN`.
    pub fn json(&self) -> Result<String, Error> {
        self.check()?;
        let json =
            serde_json::to_string_pretty(self).map_err(|error| Error::Json(error.to_string()))?;
        Ok(json + "\n")
    }

    /// Says why the picture can't be drawn, if it can't be at any width.
    ///
    /// # Errors
    ///
    /// The first mistake found in the data.
    pub fn check(&self) -> Result<(), Error> {
        match self {
            Picture::Gantt(picture) => picture.check(),
            Picture::Lanes(picture) => picture.check(),
            Picture::Bars(picture) => picture.check(),
            Picture::Drawing(picture) => picture.check(),
        }
    }

    /// Draws the picture in lines of at most `width` cells, without blanks at their ends.
    ///
    /// # Errors
    ///
    /// If the data is bad or the picture does not fit.
    pub fn text(&self, width: usize) -> Result<String, Error> {
        match self {
            Picture::Gantt(picture) => picture.text(width),
            Picture::Lanes(picture) => picture.text(width),
            Picture::Bars(picture) => picture.text(width),
            Picture::Drawing(picture) => picture.text(width),
        }
    }

    /// Draws the picture as one SVG document that needs no other file.
    ///
    /// # Errors
    ///
    /// If the data is bad.
    pub fn svg(&self, theme: Theme) -> Result<String, Error> {
        match self {
            Picture::Gantt(picture) => picture.svg(theme),
            Picture::Lanes(picture) => picture.svg(theme),
            Picture::Bars(picture) => picture.svg(theme),
            Picture::Drawing(picture) => picture.svg(theme),
        }
    }

    /// What the picture shows, in words: a line for each row, step or measurement, and for what came
    /// of it. It is the description that the SVG document carries.
    ///
    /// # Errors
    ///
    /// If the data is bad.
    pub fn description(&self) -> Result<String, Error> {
        match self {
            Picture::Gantt(picture) => picture.description(),
            Picture::Lanes(picture) => picture.description(),
            Picture::Bars(picture) => picture.description(),
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

        /// The picture's text at [`WIDTH`](crate::WIDTH), or the text of the error.
        impl fmt::Display for $picture {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                show(self.text(crate::WIDTH), f)
            }
        }
    )*};
}

from!(Gantt, Lanes, Bars, Drawing);

/// The picture's text at [`WIDTH`](crate::WIDTH), or the text of the error.
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
