//! What is sent, and how it is written: once for all clients.

use std::error::Error;
use std::fmt::{self, Write};

use bytes::Bytes;

/// What somebody publishes: data, and perhaps a name.
///
/// The format has no carriage return: in the data, `CR` and `CR LF` arrive as `LF`. All else arrives as it is,
/// on any number of lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    name: Option<String>,
    data: String,
}

/// Why a name can't be sent. With a line end in it, it would be more than a name: whoever chooses names could
/// write whole events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadName {
    /// It contains what is named: `"CR"`, `"LF"` or `"NUL"`.
    Contains(&'static str),
    /// It is [`GAP`].
    Reserved,
}

/// The name by which the broker tells a client that something is gone; nobody else may say that.
pub const GAP: &str = "gap";

impl Message {
    /// A message without a name: browsers call it `message`.
    pub fn new(data: impl Into<String>) -> Message {
        Message {
            name: None,
            data: data.into(),
        }
    }

    /// Gives it a name, of any characters but CR, LF and NUL. An empty one is as none.
    ///
    /// # Errors
    ///
    /// With one of these in it, or if it is [`GAP`].
    pub fn named(self, name: impl Into<String>) -> Result<Message, BadName> {
        let name = name.into();
        let contains = name.chars().find_map(|char| match char {
            '\r' => Some("CR"),
            '\n' => Some("LF"),
            '\0' => Some("NUL"),
            _ => None,
        });
        match contains {
            Some(contains) => Err(BadName::Contains(contains)),
            None if name == GAP => Err(BadName::Reserved),
            None => Ok(Message {
                name: Some(name),
                ..self
            }),
        }
    }
}

/// What goes to a client: bytes that are written once and shared by all.
#[derive(Debug)]
pub struct Event {
    /// Its number in this run of the broker, from 1 on; none for what nobody has to catch up on.
    pub number: Option<u64>,
    /// What is written to the client.
    pub frame: Bytes,
}

impl Event {
    // ANCHOR: encode
    /// Writes a message in the format of the HTML standard, under an id that must have no CR, LF or NUL.
    pub fn encode(message: &Message, id: &str, number: Option<u64>) -> Event {
        let mut text = String::with_capacity(message.data.len() + 64);
        let _ = writeln!(text, "id: {id}"); // to a String; it can't fail
        if let Some(name) = &message.name {
            let _ = writeln!(text, "event: {name}");
        }
        // The blank after the colon is taken off again, so that data may begin with one.
        for line in message.data.replace("\r\n", "\n").split(['\n', '\r']) {
            let _ = writeln!(text, "data: {line}");
        }
        text.push('\n');
        Event {
            number,
            frame: text.into(),
        }
    }
    // ANCHOR_END: encode

    /// Tells a client that so many events are gone, or `null` if nobody knows.
    pub(crate) fn gap(missed: &str, id: Option<&str>) -> Event {
        let id = id.map_or(String::new(), |id| format!("id: {id}\n"));
        let frame = format!("{id}event: {GAP}\ndata: {{\"missed\": {missed}}}\n\n");
        Event {
            number: None,
            frame: frame.into(),
        }
    }

    /// A comment: says nothing, and shows that the connection lives.
    pub fn heartbeat() -> Event {
        Event {
            number: None,
            frame: Bytes::from_static(b":\n\n"),
        }
    }
}

impl fmt::Display for BadName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BadName::Contains(what) => write!(f, "an event's name can't contain {what}"),
            BadName::Reserved => write!(f, "the name \"{GAP}\" is the broker's own"),
        }
    }
}

impl Error for BadName {}
