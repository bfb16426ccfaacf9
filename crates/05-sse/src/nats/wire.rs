//! A message in the stream: the same JSON as in the body of `POST /publish`, so that any client of NATS can publish.

use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::event::Message;

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Payload {
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<String>,
    data: String,
}

pub(super) fn encode(message: &Message) -> Bytes {
    let payload = Payload {
        event: message.name.clone(),
        data: message.data.clone(),
    };
    let json = serde_json::to_vec(&payload);
    json.expect("two strings can be written as JSON").into()
}

/// Returns the message, or `None` if this is none: others may publish to the subject, too.
pub(super) fn decode(payload: &[u8]) -> Option<Message> {
    let payload: Payload = serde_json::from_slice(payload).ok()?;
    let message = Message::new(payload.data);
    match payload.event {
        None => Some(message),
        Some(name) => message.named(name).ok(),
    }
}

/// The most characters of a key.
pub(super) const LONGEST_KEY: usize = 128;

/// Returns whether this is a key that a publisher may give.
pub(super) fn is_key(key: &str) -> bool {
    (1..=LONGEST_KEY).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Returns a key that no other message has, from whichever broker.
pub(super) fn unique_key() -> String {
    // 128 random bits for the process, and a count.
    static PROCESS: LazyLock<String> = LazyLock::new(|| {
        let random = || RandomState::new().hash_one(std::process::id());
        format!("{:016x}{:016x}", random(), random())
    });
    static COUNT: AtomicU64 = AtomicU64::new(0);
    // Relaxed: it only has to be unique.
    format!("{}-{}", *PROCESS, COUNT.fetch_add(1, Relaxed))
}
