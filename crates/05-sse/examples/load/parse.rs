//! Finds the publications in a stream, and ignores the rest: receiving must cost little compared with sending.

/// The number of digits of the time, and of the time and the number.
const TIME: u8 = 16;
const DIGITS: u8 = TIME + 8;

/// The first byte of the data. It occurs nowhere else in a stream.
const MARK: u8 = b'@';

/// The length of the data without its padding.
pub(crate) const STAMP: usize = 1 + DIGITS as usize;

/// Returns the beginning of an event's data: its time and number in a fixed format. Padding follows.
pub(crate) fn stamp(time: u64, number: u64) -> String {
    format!("{}{time:016}{number:08}", MARK as char)
}

/// The state of one client's stream.
pub(crate) struct Parser {
    padding: usize,
    /// The number of bytes of padding that are left.
    skip: usize,
    /// The number of digits that are left of the stamp, and its values so far.
    missing: u8,
    time: u64,
    number: u64,
}

/// The stream has another character in place of a stamp's digit.
pub(crate) struct Garbled;

impl Parser {
    /// Returns a parser for data of this many bytes.
    pub(crate) fn new(bytes: usize) -> Parser {
        Parser {
            padding: bytes - STAMP,
            skip: 0,
            missing: 0,
            time: 0,
            number: 0,
        }
    }

    /// Parses the next bytes, and calls `found` with each publication's time and number.
    pub(crate) fn read(
        &mut self,
        mut bytes: &[u8],
        mut found: impl FnMut(u64, u64),
    ) -> Result<(), Garbled> {
        loop {
            let skipped = self.skip.min(bytes.len());
            self.skip -= skipped;
            bytes = &bytes[skipped..];
            if self.missing == 0 {
                let Some(mark) = bytes.iter().position(|&byte| byte == MARK) else {
                    return Ok(());
                };
                bytes = &bytes[mark + 1..];
                (self.missing, self.time, self.number) = (DIGITS, 0, 0);
            }
            while self.missing > 0 {
                let [digit, rest @ ..] = bytes else {
                    return Ok(());
                };
                let part = match self.missing {
                    left if left <= DIGITS - TIME => &mut self.number,
                    _ => &mut self.time,
                };
                if !digit.is_ascii_digit() {
                    return Err(Garbled);
                }
                *part = *part * 10 + u64::from(digit - b'0');
                self.missing -= 1;
                bytes = rest;
            }
            found(self.time, self.number);
            self.skip = self.padding;
        }
    }
}
