//! A table of all executions, grouped by outcome.

use std::collections::BTreeMap;
use std::fmt::Write;

use interleave::{Operation, Recorded, Recording};

/// Returns a line for each outcome and, below it, a line for each execution with that outcome. Without a stale
/// read, the order of the steps explains every value that was read.
pub(crate) fn table(recording: &Recording) -> String {
    let mut outcomes: BTreeMap<&str, Vec<(bool, String)>> = BTreeMap::new();
    for execution in &recording.executions {
        let line = line(recording, execution);
        outcomes.entry(&execution.result).or_default().push(line);
    }
    let mut text = String::new();
    for (result, mut lines) in outcomes {
        lines.sort();
        let stale = lines.iter().filter(|(stale, _)| *stale).count();
        let _ = writeln!(text, "{result}: {}", count(lines.len(), stale));
        for (_, line) in lines {
            let _ = writeln!(text, "  {line}");
        }
    }
    text
}

fn count(all: usize, stale: usize) -> String {
    let executions = match all {
        1 => "1 execution".to_owned(),
        _ => format!("{all} executions"),
    };
    match stale {
        0 => executions,
        _ if stale == all => format!("{executions}; no order of the steps explains this outcome"),
        _ => format!("{executions}, {stale} of them with a stale read"),
    }
}

/// Returns whether any read is stale, and the steps in words.
fn line(recording: &Recording, execution: &Recorded) -> (bool, String) {
    let operations = execution
        .steps
        .iter()
        .map(|&step| &recording.operations[step]);
    let shared: Vec<&Operation> = operations.filter(|operation| !operation.solo).collect();
    let stale = shared.iter().any(|operation| operation.stale);
    let words: Vec<String> = shared.iter().map(|operation| words(operation)).collect();
    (stale, words.join("   "))
}

/// Returns one step in words, such as `2 reads 0`: the thread, and what it read or wrote.
fn words(operation: &Operation) -> String {
    let call = operation.text.rsplit('.').next().unwrap_or_default();
    let (method, arguments) = call.split_once('(').unwrap_or((call, ""));
    let argument = arguments.split([',', ')']).next().unwrap_or_default();
    let value = operation.value.as_deref().unwrap_or_default();
    let did = match method {
        "load" if operation.stale => format!("reads a stale {value}"),
        "load" => format!("reads {value}"),
        "store" => format!("writes {argument}"),
        _ => format!("{method}({argument}) → {value}"),
    };
    format!("{} {did}", operation.thread)
}
