//! What the program says: sentences on standard error, and the report on standard output.

use std::fmt::Display;
use std::io::{ErrorKind, Write, stderr, stdout};

use crate::report::Report;

/// Says a sentence. Nobody may be there to read it.
pub(crate) fn say(sentence: impl Display) {
    let _ = writeln!(stderr(), "deploy: {sentence}");
}

/// Prints the report in words, or as JSON. Returns a sentence if that fails. A reader that has read enough, such as `head`,
/// is no failure.
pub(crate) fn print(report: &Report, as_json: bool) -> Result<(), String> {
    let words = match as_json {
        true => format!("{:#}\n", report.json()),
        false => report.to_string(),
    };
    let mut stdout = stdout().lock();
    let printed = stdout.write_all(words.as_bytes());
    match printed.and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(format!("can't print: {error}")),
        _ => Ok(()),
    }
}
