//! The boxes of a flow, and the arrows that join them.

use serde::{Deserialize, Serialize};

use super::Block;

/// One box of a [`Flow`](super::Flow), or a text without a border.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Node {
    /// The name that arrows use. It is unique, and it isn't drawn.
    pub name: String,
    /// What the box contains.
    pub block: Block,
    /// Whether to leave out the border.
    #[serde(default, skip_serializing_if = "is_false")]
    pub plain: bool,
}

/// An arrow from one box to another, in a higher or a lower layer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arrow {
    /// The name of the box that the arrow leaves.
    pub from: String,
    /// The name of the box that the arrow points to.
    pub to: String,
    /// Printed beside the arrow. It may have several lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

impl Node {
    /// Creates a box. The block is often just text: `Node::new("ci", "Fetch\nCI status")`.
    pub fn new(name: impl Into<String>, block: impl Into<Block>) -> Node {
        Node {
            name: name.into(),
            block: block.into(),
            plain: false,
        }
    }

    /// Creates a node that has no border: a remark, or a heading with branches.
    pub fn plain(name: impl Into<String>, block: impl Into<Block>) -> Node {
        Node {
            plain: true,
            ..Node::new(name, block)
        }
    }
}

impl Arrow {
    /// Creates an arrow without a label.
    pub fn new(from: impl Into<String>, to: impl Into<String>) -> Arrow {
        Arrow {
            from: from.into(),
            to: to.into(),
            label: None,
        }
    }

    /// Sets the label.
    #[must_use]
    pub fn labelled(self, label: impl Into<String>) -> Arrow {
        Arrow {
            label: Some(label.into()),
            ..self
        }
    }

    /// Returns the lines of the label.
    pub(super) fn label_lines(&self) -> impl Iterator<Item = &str> {
        self.label
            .iter()
            .flat_map(|label| label.lines())
            .map(str::trim)
    }
}

#[allow(clippy::trivially_copy_pass_by_ref)] // The signature that serde asks for.
fn is_false(value: &bool) -> bool {
    !value
}
