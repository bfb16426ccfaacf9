//! What a box contains: a title, text, boxes, branches.

use serde::{Deserialize, Serialize};

use crate::cells;

/// A longer line of text is taken for code or prose.
const SHORT: usize = 20;

/// The contents of a box, from top to bottom.
///
/// A text converts into a block, so `"wg.wait()".into()` is one.
///
/// ```
/// use diagram::{Block, Flow, Node};
///
/// let watcher = Block::titled("Watcher").text("client.closed().await;\ntoken.cancel();").left();
/// let handler = Block::titled("Handler")
///     .text("let token = Token::new();")
///     .holding(watcher)
///     .text("process(data, token).await");
/// let flow = Flow::new().layer([Node::new("handler", handler)]);
/// assert_eq!(flow.to_string(), "\
/// ┌─────────────────────────────┐
/// │           Handler           │
/// │                             │
/// │ let token = Token::new();   │
/// │ ┌─────────────────────────┐ │
/// │ │         Watcher         │ │
/// │ │                         │ │
/// │ │ client.closed().await;  │ │
/// │ │ token.cancel();         │ │
/// │ └─────────────────────────┘ │
/// │ process(data, token).await  │
/// └─────────────────────────────┘
/// ");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Block {
    /// Printed above the parts, centred, with a blank line below it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What the block contains, from top to bottom.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
    /// Where the text starts. Text is centred by default if all its lines are short. It starts at the
    /// left if a line is indented or longer than 20 cells, or if the block has branches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub align: Option<Align>,
}

/// One part of a [`Block`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Part {
    /// Lines of text. Their indentation is kept; an empty text is a blank line.
    Text(String),
    /// A box inside the block, as wide as the block.
    Block(Block),
    /// A list, each item at the end of an arrow: `├──→ Client 1: there is room`. An item may have
    /// several lines.
    Branches(Vec<String>),
}

/// Where the text of a block starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Align {
    /// Each line is centred.
    Centre,
    /// All lines start at the left.
    Left,
}

impl Block {
    /// Creates a block with a title and nothing else.
    pub fn titled(title: impl Into<String>) -> Block {
        Block {
            title: Some(title.into()),
            ..Block::default()
        }
    }

    /// Adds lines of text.
    #[must_use]
    pub fn text(self, text: impl Into<String>) -> Block {
        self.part(Part::Text(text.into()))
    }

    /// Adds a box.
    #[must_use]
    pub fn holding(self, block: impl Into<Block>) -> Block {
        self.part(Part::Block(block.into()))
    }

    /// Adds a list with an arrow to each item.
    #[must_use]
    pub fn branches<I>(self, items: I) -> Block
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        let items = items.into_iter().map(Into::into).collect();
        self.part(Part::Branches(items))
    }

    /// Starts all lines of text at the left.
    #[must_use]
    pub fn left(self) -> Block {
        Block {
            align: Some(Align::Left),
            ..self
        }
    }

    /// Centres each line of text.
    #[must_use]
    pub fn centred(self) -> Block {
        Block {
            align: Some(Align::Centre),
            ..self
        }
    }

    fn part(mut self, part: Part) -> Block {
        self.parts.push(part);
        self
    }

    /// Whether lines of text start at the left.
    pub(super) fn is_left(&self) -> bool {
        let is_code = |line: &str| line.starts_with(' ') || cells::width(line) > SHORT;
        match self.align {
            Some(align) => align == Align::Left,
            None => self.parts.iter().any(|part| match part {
                Part::Text(text) => lines(text).any(is_code),
                Part::Block(_) => false,
                Part::Branches(_) => true,
            }),
        }
    }

    /// Returns every text in the block, including those of the boxes in it.
    pub(super) fn texts(&self) -> Vec<&str> {
        let mut texts: Vec<&str> = self.title.iter().map(String::as_str).collect();
        for part in &self.parts {
            match part {
                Part::Text(text) => texts.push(text),
                Part::Block(block) => texts.extend(block.texts()),
                Part::Branches(items) => texts.extend(items.iter().map(String::as_str)),
            }
        }
        texts
    }

    /// Whether a block in the block, or the block itself, has no text.
    pub(super) fn has_gap(&self) -> bool {
        let inside = |part: &Part| match part {
            Part::Block(block) => block.has_gap(),
            Part::Text(_) | Part::Branches(_) => false,
        };
        self.texts().iter().all(|text| text.trim().is_empty()) || self.parts.iter().any(inside)
    }
}

impl From<&str> for Block {
    fn from(text: &str) -> Block {
        Block::default().text(text)
    }
}

impl From<String> for Block {
    fn from(text: String) -> Block {
        Block::default().text(text)
    }
}

/// Splits a text into lines, without trailing blanks. An empty text is one blank line.
pub(super) fn lines(text: &str) -> impl Iterator<Item = &str> {
    let text = if text.is_empty() { "\n" } else { text };
    text.lines().map(str::trim_end)
}
