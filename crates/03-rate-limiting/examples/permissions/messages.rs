//! PostgreSQL's messages as bytes: where each one begins and ends, and of which kind it is.

use std::io;

use bytes::{Buf, Bytes, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt};

/// The longest message that a check needs is far shorter.
const LONGEST: usize = 1 << 20;

/// Reads messages one by one, without changing a byte.
#[derive(Debug)]
pub(crate) struct Messages<R> {
    from: R,
    /// Bytes that have been read and not yet returned.
    buffer: BytesMut,
}

impl<R: AsyncRead + Unpin> Messages<R> {
    pub(crate) fn new(from: R) -> Messages<R> {
        let buffer = BytesMut::new();
        Messages { from, buffer }
    }

    /// Returns a client's first message, which has a length but no kind.
    pub(crate) async fn startup(&mut self) -> io::Result<Option<Bytes>> {
        self.message(0).await
    }

    /// Returns the next message: a byte that is its kind, four bytes that are the length of the rest, and the rest.
    ///
    /// At the end of the stream, a message that was cut off is returned as far as it goes.
    pub(crate) async fn next(&mut self) -> io::Result<Option<Bytes>> {
        self.message(1).await
    }

    /// Returns a message whose length begins at byte `at`.
    async fn message(&mut self, at: usize) -> io::Result<Option<Bytes>> {
        loop {
            if let Some(mut length) = self.buffer.get(at..at + 4) {
                let end = at + length.get_u32() as usize;
                if end > LONGEST {
                    let words = format!("a message of {end} bytes");
                    return Err(io::Error::new(io::ErrorKind::InvalidData, words));
                }
                if end <= self.buffer.len() {
                    return Ok(Some(self.buffer.split_to(end).freeze()));
                }
            }
            if self.from.read_buf(&mut self.buffer).await? == 0 {
                let rest = self.buffer.split().freeze();
                return Ok((!rest.is_empty()).then_some(rest));
            }
        }
    }
}

/// Returns the SQLSTATE of an error message.
pub(crate) fn sqlstate(message: &[u8]) -> Option<&[u8]> {
    let (kind, fields) = message.split_at_checked(5)?;
    if kind[0] != b'E' {
        return None;
    }
    let mut fields = fields.split(|byte| *byte == 0);
    fields.find_map(|field| field.strip_prefix(b"C"))
}
