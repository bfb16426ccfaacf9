//! What a panic said.

use std::any::Any;

/// Returns the message of a panic.
pub(crate) fn message(payload: Box<dyn Any + Send>) -> String {
    match payload.downcast::<String>() {
        Ok(message) => *message,
        Err(payload) => match payload.downcast_ref::<&str>() {
            Some(message) => (*message).to_owned(),
            None => "a value that isn't text".to_owned(),
        },
    }
}
