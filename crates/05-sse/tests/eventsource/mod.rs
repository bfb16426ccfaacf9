//! A parser for event streams, written from the standard alone (WHATWG HTML, 9.2.5 and 9.2.6).

// Each test file that includes this module compiles it again, and few use all of it.
#![allow(dead_code)]

use std::mem::take;

/// A stream that is being read. Feed it bytes as they arrive; an incomplete event is never returned.
#[derive(Debug, Default)]
pub(crate) struct Parser {
    /// The bytes of the current line.
    line: Vec<u8>,
    /// The last byte was a CR: an LF now belongs to the same line end.
    after_cr: bool,
    /// The first line has ended. Only that line may begin with a byte order mark.
    past_first_line: bool,
    data: String,
    event: String,
    id: String,
    last_event_id: String,
    retry: Option<u64>,
    comments: usize,
}

/// An event that was dispatched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Message {
    /// The type: `message` if the stream gave none.
    pub(crate) event: String,
    pub(crate) data: String,
    /// The last event id when this was dispatched, which an earlier event may have set.
    pub(crate) id: String,
}

impl Parser {
    /// Reads more bytes, and returns the events that they complete. A CR ends a line at once, so an
    /// event that ends with CR LF is returned before the LF arrives.
    pub(crate) fn feed(&mut self, bytes: &[u8]) -> Vec<Message> {
        let mut messages = Vec::new();
        for &byte in bytes {
            let after_cr = take(&mut self.after_cr);
            match byte {
                b'\n' if after_cr => {}
                b'\n' | b'\r' => {
                    self.after_cr = byte == b'\r';
                    messages.extend(self.end_line());
                }
                _ => self.line.push(byte),
            }
        }
        messages
    }

    /// The id that a client would send to resume: that of the last event, with or without data.
    pub(crate) fn last_event_id(&self) -> &str {
        &self.last_event_id
    }

    /// The reconnection time in milliseconds, if the stream has set one.
    pub(crate) fn retry(&self) -> Option<u64> {
        self.retry
    }

    /// How many lines were comments.
    pub(crate) fn comments(&self) -> usize {
        self.comments
    }

    fn end_line(&mut self) -> Option<Message> {
        let line = take(&mut self.line);
        let mut bytes = line.as_slice();
        if !self.past_first_line {
            self.past_first_line = true;
            bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        }
        // The standard decodes first and then splits into lines. The result is the same: CR and LF are never
        // part of a longer sequence, and a sequence that they cut short is replaced before them.
        let line = String::from_utf8_lossy(bytes);
        if line.is_empty() {
            return self.dispatch();
        }
        match line.split_once(':') {
            Some(("", _)) => self.comments += 1,
            Some((name, value)) => self.field(name, value.strip_prefix(' ').unwrap_or(value)),
            None => self.field(&line, ""),
        }
        None
    }

    fn field(&mut self, name: &str, value: &str) {
        match name {
            "event" => self.event = value.to_owned(),
            "data" => {
                self.data.push_str(value);
                self.data.push('\n');
            }
            "id" if !value.contains('\0') => self.id = value.to_owned(),
            // `parse` would allow a sign. The standard sets no limit: a larger number becomes the largest that
            // fits. It doesn't mention an empty value, which is not a number, and is ignored.
            "retry" if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) => {
                self.retry = Some(value.parse().unwrap_or(u64::MAX));
            }
            _ => {}
        }
    }

    fn dispatch(&mut self) -> Option<Message> {
        // The id outlives the event, and counts even without data, and so without an event.
        self.last_event_id.clone_from(&self.id);
        let mut event = take(&mut self.event);
        let mut data = take(&mut self.data);
        // Each line of data ended with LF, so this fails only without data.
        data.pop()?;
        if event.is_empty() {
            event.push_str("message");
        }
        let id = self.last_event_id.clone();
        Some(Message { event, data, id })
    }
}
