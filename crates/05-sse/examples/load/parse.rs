//! Finds the publications in a stream, and looks at nothing else of it: receiving must cost little beside
//! sending.

/// Digits of the time, then of the number.
const TIME: u8 = 16;
const DIGITS: u8 = TIME + 8;

/// Begins the data; nothing else in a stream contains it.
const MARK: u8 = b'@';

/// How long the data is without its padding.
pub(crate) const STAMP: usize = 1 + DIGITS as usize;

/// What an event's data says: its time and number, in a fixed form, and then padding.
pub(crate) fn stamp(time: u64, number: u64) -> String {
    format!("{}{time:016}{number:08}", MARK as char)
}

/// Where one client is in its stream.
pub(crate) struct Parser {
    padding: usize,
    /// So many bytes are padding still.
    skip: usize,
    /// So many digits are missing from the stamp, and what is known of it.
    missing: u8,
    time: u64,
    number: u64,
}

/// The stream has something else where a stamp's digit should be.
pub(crate) struct Garbled;

impl Parser {
    /// For data of so many bytes.
    pub(crate) fn new(bytes: usize) -> Parser {
        Parser {
            padding: bytes - STAMP,
            skip: 0,
            missing: 0,
            time: 0,
            number: 0,
        }
    }

    /// Goes on with what was read, and calls `found` with each publication's time and number.
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
