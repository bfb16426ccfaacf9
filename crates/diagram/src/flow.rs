//! Boxes in layers, joined by arrows.

mod attempt;
mod block;
mod columns;
mod demand;
mod geometry;
mod inside;
mod layout;
mod nets;
mod node;
mod order;
mod ports;
mod rows;
mod shapes;
mod sizes;
mod slot;
mod spread;
mod svg;
mod text;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{Error, Theme, boxes, cells};

pub use block::{Align, Block, Part};
pub use node::{Arrow, Node};

/// Boxes in layers, from top to bottom, joined by arrows.
///
/// The data states which boxes exist, in which order, and which arrows join them. All positions are
/// computed. Boxes of a layer are equally high, and equally wide if they nearly are and if there is
/// room. Arrows that leave one box share a line, and so do arrows that arrive at one box, unless the box
/// is wide enough for each of them to be straight. If each of several boxes leads to each of several
/// others, all these arrows share a line. Two boxes that lead to each other share a line with two heads,
/// or have two lines if a label tells them apart.
///
/// An arrow may lead up, and it may skip layers: it then passes beside their boxes. It may not stay in its
/// layer, and no two arrows may cross. What can't be drawn clearly is an [`Error`]. For two arrows that
/// would cross, the order of the boxes in a layer is what to change.
///
/// ```
/// use diagram::{Flow, Node};
///
/// let flow = Flow::new()
///     .layer([Node::new("request", "Request\n(handler)")])
///     .layer([
///         Node::new("ci", "Fetch\nCI status\n(200 ms)"),
///         Node::new("cd", "Fetch\nCD status\n(300 ms)"),
///         Node::new("user", "Fetch\nuser data\n(150 ms)"),
///     ])
///     .layer([Node::new("wait", "wg.wait()")])
///     .fan_out("request", ["ci", "cd", "user"])
///     .fan_in(["ci", "cd", "user"], "wait")
///     .note("Parallel: max(200, 300, 150) = 300 ms");
/// assert_eq!(flow.to_string(), "                  \
///                   ┌───────────┐
///                   │  Request  │
///                   │ (handler) │
///                   └─────┬─────┘
///                         │
///       ┌─────────────────┼─────────────────┐
///       ↓                 ↓                 ↓
/// ┌───────────┐     ┌───────────┐     ┌───────────┐
/// │   Fetch   │     │   Fetch   │     │   Fetch   │
/// │ CI status │     │ CD status │     │ user data │
/// │ (200 ms)  │     │ (300 ms)  │     │ (150 ms)  │
/// └─────┬─────┘     └─────┬─────┘     └─────┬─────┘
///       │                 │                 │
///       └─────────────────┼─────────────────┘
///                         ↓
///                   ┌───────────┐
///                   │ wg.wait() │
///                   └───────────┘
///
/// Parallel: max(200, 300, 150) = 300 ms
/// ");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flow {
    /// Printed above the boxes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The layers, from top to bottom; at least one. Each has at least one box, from left to right.
    pub layers: Vec<Vec<Node>>,
    /// The arrows, in any order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub arrows: Vec<Arrow>,
    /// Printed below the boxes, one per line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

impl Flow {
    /// Creates a flow without layers.
    pub fn new() -> Flow {
        Flow::default()
    }

    /// Sets the title.
    #[must_use]
    pub fn titled(self, title: impl Into<String>) -> Flow {
        Flow {
            title: Some(title.into()),
            ..self
        }
    }

    /// Adds a layer below the others: its boxes, from left to right.
    #[must_use]
    pub fn layer(mut self, nodes: impl IntoIterator<Item = Node>) -> Flow {
        self.layers.push(nodes.into_iter().collect());
        self
    }

    /// Adds an arrow.
    #[must_use]
    pub fn arrow(mut self, from: &str, to: &str) -> Flow {
        self.arrows.push(Arrow::new(from, to));
        self
    }

    /// Adds an arrow with a label.
    #[must_use]
    pub fn arrow_labelled(mut self, from: &str, to: &str, label: impl Into<String>) -> Flow {
        self.arrows.push(Arrow::new(from, to).labelled(label));
        self
    }

    /// Adds an arrow from one box to each of several.
    #[must_use]
    pub fn fan_out<'a>(self, from: &str, to: impl IntoIterator<Item = &'a str>) -> Flow {
        to.into_iter().fold(self, |flow, to| flow.arrow(from, to))
    }

    /// Adds an arrow from each of several boxes to one.
    #[must_use]
    pub fn fan_in<'a>(self, from: impl IntoIterator<Item = &'a str>, to: &str) -> Flow {
        from.into_iter()
            .fold(self, |flow, from| flow.arrow(from, to))
    }

    /// Adds an arrow from each box to the next.
    #[must_use]
    pub fn chain<'a>(self, names: impl IntoIterator<Item = &'a str>) -> Flow {
        let names: Vec<&str> = names.into_iter().collect();
        names
            .windows(2)
            .fold(self, |flow, pair| flow.arrow(pair[0], pair[1]))
    }

    /// Adds a line below the boxes.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Flow {
        self.notes.push(note.into());
        self
    }

    /// Reports data that can't be drawn at any width.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`] if there is no layer, [`Error::EmptyLayer`] and [`Error::EmptyBox`] for a layer
    /// without boxes and a box without text, [`Error::SameName`] for two boxes of one name,
    /// [`Error::NoSuchBox`], [`Error::SameLayer`] or [`Error::SameArrow`] for an arrow that can't be
    /// drawn, [`Error::Crossing`] for two arrows that would cross, [`Error::NoBorder`] for several arrows
    /// that meet a short text without a border, [`Error::Label`] or [`Error::Character`] for text with a
    /// character that would shift or cut the lines around it.
    pub fn check(&self) -> Result<(), Error> {
        let plan = self.plan()?;
        layout::fit(self, &plan, sizes::enough(self)).map(|_| ())
    }

    /// Draws the boxes and arrows in lines of at most `width` cells.
    ///
    /// # Errors
    ///
    /// If [`Flow::check`] fails, or with [`Error::Wide`] for a box, a layer or a label that is too wide.
    /// Only the title and the notes are broken into lines.
    pub fn text(&self, width: usize) -> Result<String, Error> {
        let plan = self.plan()?;
        text::draw(self, &plan, width)
    }

    /// Draws the boxes and arrows as an SVG document, as wide as they need.
    ///
    /// # Errors
    ///
    /// If [`Flow::check`] fails.
    pub fn svg(&self, theme: Theme) -> Result<String, Error> {
        let plan = self.plan()?;
        svg::draw(self, &plan, theme)
    }

    /// Describes the picture in words, one line per box: what it leads to, and what it contains. The
    /// notes follow. The SVG document contains the same text.
    ///
    /// # Errors
    ///
    /// If [`Flow::check`] fails.
    pub fn description(&self) -> Result<String, Error> {
        self.check()?;
        Ok(words::describe(self))
    }

    /// Checks the flow and orders what its layers contain.
    fn plan(&self) -> Result<order::Plan, Error> {
        let notes = self.title.iter().chain(&self.notes);
        notes.into_iter().try_for_each(|text| {
            cells::check_label(text)?;
            check_line(text)
        })?;
        if self.layers.is_empty() {
            return Err(Error::Empty { what: "layers" });
        }
        if let Some(empty) = self.layers.iter().position(Vec::is_empty) {
            return Err(Error::EmptyLayer { layer: empty + 1 });
        }
        let places = self.places()?;
        for node in self.layers.iter().flatten() {
            let texts = node.block.texts();
            texts
                .into_iter()
                .flat_map(boxes::lines)
                .try_for_each(check_line)?;
            if node.block.has_gap() {
                return Err(Error::EmptyBox {
                    name: node.name.clone(),
                });
            }
        }
        let mut seen = BTreeSet::new();
        let mut spans = Vec::new();
        for arrow in &self.arrows {
            arrow
                .label
                .iter()
                .flat_map(|label| boxes::lines(label))
                .try_for_each(check_line)?;
            let (from, to) = (arrow.from.clone(), arrow.to.clone());
            let place = |name: &String| {
                places
                    .get(name.as_str())
                    .copied()
                    .ok_or_else(|| Error::NoSuchBox {
                        from: from.clone(),
                        to: to.clone(),
                        name: name.clone(),
                    })
            };
            let (start, end) = (place(&from)?, place(&to)?);
            if start.layer == end.layer {
                return Err(Error::SameLayer { from, to });
            }
            if !seen.insert((&arrow.from, &arrow.to)) {
                return Err(Error::SameArrow { from, to });
            }
            spans.push(order::Span { start, end });
        }
        let counts: Vec<usize> = self.layers.iter().map(Vec::len).collect();
        let labelled: Vec<bool> = self
            .arrows
            .iter()
            .map(|arrow| arrow.label_lines().next().is_some())
            .collect();
        order::plan(&counts, &spans, &labelled).map_err(|(first, second)| {
            let ends = |arrow: usize| {
                let Arrow { from, to, .. } = &self.arrows[arrow];
                (from.clone(), to.clone())
            };
            Error::Crossing {
                first: ends(first),
                second: ends(second),
            }
        })
    }

    /// Returns where each box is, by its name.
    fn places(&self) -> Result<BTreeMap<&str, order::Place>, Error> {
        let mut places = BTreeMap::new();
        for (layer, nodes) in self.layers.iter().enumerate() {
            for (index, node) in nodes.iter().enumerate() {
                let place = order::Place { layer, index };
                if places.insert(node.name.as_str(), place).is_some() {
                    let name = node.name.clone();
                    return Err(Error::SameName { name });
                }
            }
        }
        Ok(places)
    }
}

/// Rejects a line of text with a glyph that isn't one cell wide, or that is itself a line of a box.
fn check_line(text: &str) -> Result<(), Error> {
    cells::check_label(text)?;
    let is_wrong = |(glyph, cells): &(&str, usize)| {
        *cells != 1 || glyph.starts_with(|first| ('\u{2500}'..='\u{257F}').contains(&first))
    };
    match cells::glyphs(text).find(is_wrong) {
        Some((glyph, _)) => Err(Error::Character {
            text: text.to_owned(),
            glyph: glyph.to_owned(),
        }),
        None => Ok(()),
    }
}
