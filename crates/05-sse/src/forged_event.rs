//! Broken on purpose: data is written as it is, so a line end in it can end the event and begin another.

use crate::event::{Event, Message};

/// Encodes a message under an id. The data must not contain a line end, which nothing checks.
pub fn encode(message: &Message, id: &str, number: Option<u64>) -> Event {
    let name = message.name.as_deref().unwrap_or("message");
    let data = &message.data;
    let text = format!("id: {id}\nevent: {name}\ndata: {data}\n\n");
    Event {
        number,
        frame: text.into(),
    }
}
