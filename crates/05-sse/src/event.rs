//! What is published, and how it is encoded: once, for all clients.

use std::error::Error;
use std::fmt::{self, Write};

use bytes::Bytes;

/// What is published: data, and perhaps a name.
///
/// The data may be any text, on any number of lines. It arrives unchanged but for its line ends: the format has
/// no carriage return, so `CR` and `CR LF` arrive as `LF`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub(crate) name: Option<String>,
    pub(crate) data: String,
}

/// Why a name is refused. A line end would end the name on the wire, and what follows it could forge an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadName {
    /// It contains this character: `"CR"`, `"LF"` or `"NUL"`.
    Contains(&'static str),
    /// It is [`GAP`].
    Reserved,
}

/// The name of the event that tells a client what it missed. Only the broker may use it.
pub const GAP: &str = "gap";

impl Message {
    /// Returns a message without a name. Browsers call such an event `message`.
    pub fn new(data: impl Into<String>) -> Message {
        Message {
            name: None,
            data: data.into(),
        }
    }

    /// Gives the message a name. An empty name is the same as none.
    ///
    /// # Errors
    ///
    /// If the name contains CR, LF or NUL, or is [`GAP`].
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

/// What is sent to a client: bytes that are encoded once and shared by all clients.
#[derive(Debug)]
pub struct Event {
    /// Its number in this run of the broker, from 1 on; `None` for gaps and heartbeats, which no client catches up on.
    pub number: Option<u64>,
    /// The bytes on the wire.
    pub frame: Bytes,
}

impl Event {
    // ANCHOR: encode
    /// Encodes a message as the HTML standard says. The id must not contain CR, LF
    /// or NUL.
    pub fn encode(message: &Message, id: &str, number: Option<u64>) -> Event {
        let mut text = String::with_capacity(message.data.len() + 64);
        let _ = writeln!(text, "id: {id}"); // to a String; it can't fail
        if let Some(name) = &message.name {
            let _ = writeln!(text, "event: {name}");
        }
        // The parser removes one space after the colon. Data may begin with more.
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

    /// Encodes the event `gap`. `missed` is the number of events that are gone, or `null` if it isn't known.
    pub(crate) fn gap(missed: &str, id: Option<&str>) -> Event {
        let id = id.map_or(String::new(), |id| format!("id: {id}\n"));
        let frame = format!("{id}event: {GAP}\ndata: {{\"missed\": {missed}}}\n\n");
        Event {
            number: None,
            frame: frame.into(),
        }
    }

    /// Returns a comment, which clients ignore. It shows that the connection is alive.
    pub fn heartbeat() -> Event {
        Event::comment("")
    }

    /// Returns a comment with words for a person who watches the stream. Whatever follows a line end is left out.
    pub fn comment(words: &str) -> Event {
        let line = words.split(['\n', '\r']).next().unwrap_or_default();
        Event {
            number: None,
            frame: format!(":{line}\n\n").into(),
        }
    }
}

impl fmt::Display for BadName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BadName::Contains(what) => write!(f, "an event's name can't contain {what}"),
            BadName::Reserved => write!(f, "only the broker may send an event named \"{GAP}\""),
        }
    }
}

impl Error for BadName {}
