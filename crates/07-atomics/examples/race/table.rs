//! All executions of a recording, by what came out.

use std::collections::BTreeMap;
use std::fmt::Write;

use interleave::{Operation, Recorded, Recording};

/// A line for each outcome, and below it one for each execution that has it. An execution without a stale
/// read is an order of the steps that explains what each of them read; one with a stale read is not.
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

/// Whether a read is stale, and the steps.
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

/// `2 reads 0`: the thread, and what it read or wrote.
fn words(operation: &Operation) -> String {
    let call = operation.text.rsplit('.').next().unwrap_or_default();
    let (method, arguments) = call.split_once('(').unwrap_or((call, ""));
    let argument = arguments.split([',', ')']).next().unwrap_or_default();
    let value = operation.value.as_deref().unwrap_or_default();
    let did = match method {
        "load" if operation.stale => format!("reads an old {value}"),
        "load" => format!("reads {value}"),
        "store" => format!("writes {argument}"),
        _ => format!("{method}({argument}) → {value}"),
    };
    format!("{} {did}", operation.thread)
}
