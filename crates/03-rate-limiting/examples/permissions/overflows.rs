//! How often a new connection found the queue of its listener full, as Linux counts it.

use std::fs;

/// Returns how often that has happened on this machine, to any program. `None` where it isn't counted.
///
/// The kernel completes a connection, and keeps it in a queue until the program accepts it. It drops the messages of a
/// client whose connection finds no room there. The client sends them again after a second, then after two, four and
/// eight, and so on.
pub(crate) fn overflows() -> Option<u64> {
    let counters = fs::read_to_string("/proc/self/net/netstat").ok()?;
    counter(&counters, "ListenOverflows")
}

/// Returns the counter of this name in a text of pairs of lines: the names, and the numbers below them.
fn counter(text: &str, name: &str) -> Option<u64> {
    let mut lines = text.lines();
    while let (Some(names), Some(numbers)) = (lines.next(), lines.next()) {
        if let Some(at) = names.split_whitespace().position(|it| it == name) {
            return numbers.split_whitespace().nth(at)?.parse().ok();
        }
    }
    None
}
