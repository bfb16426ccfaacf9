//! Prepares an instrument's data for the scripts of a page. The data makes up a good part of a page's size, so what the
//! scripts don't read is left out.

use std::path::Path;

use interleave::{Ended, Recorded};
use serde_json::{Value, json};

use crate::kernel;

/// The character that stands for 0 in a packed execution. `<` and the quote, which would be escaped, come before it.
const ZERO: u32 = '?' as u32;

/// Returns a recording as the explorer reads it: of the picture only the verdict, the functions that ran, and the
/// executions packed. Each operation has the index of its line among the lines of all functions and, if that line
/// assigns what the operation returned, the variable's name. The sources are under `root`.
pub(crate) fn recording(json: &str, root: &Path) -> Result<String, String> {
    let mut recording: Value = serde_json::from_str(json).map_err(|error| error.to_string())?;
    let verdict = recording["picture"]["verdict"].take();
    recording["picture"] = match verdict {
        Value::Null => json!({}),
        verdict => json!({ "verdict": verdict }),
    };
    let operations = recording["operations"].as_array().into_iter().flatten();
    let sources = operations.filter_map(|operation| operation["source"].as_str());
    let listings = kernel::listings(root, sources)?;
    let lines = listings.iter().flat_map(|listing| {
        let lines = listing.lines.iter();
        lines.map(|(number, text)| (listing.file.as_str(), *number, text.as_str()))
    });
    let lines: Vec<(&str, Option<usize>, &str)> = lines.collect();
    each(&mut recording["operations"], |operation| {
        let Some(source) = remove(operation, "source") else {
            return;
        };
        let found = source.as_str().and_then(kernel::location);
        let at = found.and_then(|(file, number)| {
            let mut lines = lines.iter();
            lines.position(|line| line.0 == file && line.1 == Some(number))
        });
        let Some(at) = at else { return };
        operation["line"] = at.into();
        let call = operation["text"].as_str().unwrap_or_default();
        if let (Some(name), false) = (
            kernel::assigned(lines[at].2, call),
            operation["value"].is_null(),
        ) {
            operation["sets"] = name.into();
        }
    });
    recording["listings"] = serde_json::to_value(&listings).map_err(|error| error.to_string())?;
    let executions: Vec<Recorded> = serde_json::from_value(recording["executions"].take())
        .map_err(|error| error.to_string())?;
    let (ends, packed) = packed(&executions);
    recording["ends"] = ends.into();
    recording["executions"] = packed.into();
    Ok(safe(&recording))
}

/// Packs executions. Most of them begin like the one before. Each is a text: a character for the number of steps that it
/// shares with the one before, a character for each further step, and one for its end. Returns the distinct ends first.
fn packed(executions: &[Recorded]) -> (Vec<Value>, Vec<String>) {
    let mut ends = Vec::new();
    let mut before: &[usize] = &[];
    let texts = executions.iter().map(|execution| {
        let mut end = json!({ "result": execution.result, "fails": execution.fails });
        if execution.end == Ended::Blocked {
            end["blocked"] = true.into();
        }
        let number = ends.iter().position(|known| *known == end);
        let number = number.unwrap_or_else(|| {
            ends.push(end);
            ends.len() - 1
        });
        let steps = execution.steps.as_slice();
        let both = before.iter().zip(steps);
        let shared = both.take_while(|(before, step)| before == step).count();
        before = steps;
        let numbers = [&[shared], &steps[shared..], &[number]].concat();
        numbers.into_iter().map(character).collect()
    });
    let texts = texts.collect();
    (ends, texts)
}

fn character(number: usize) -> char {
    let code = u32::try_from(number).ok().map(|number| ZERO + number);
    code.and_then(char::from_u32)
        .expect("a recording has fewer operations than Unicode has characters before its gap")
}

/// Returns a sweep as the slider reads it: each row is a list of its label, its bars and, if there are any, its ends.
pub(crate) fn sweep(json: &str) -> Result<String, serde_json::Error> {
    let mut sweep: Value = serde_json::from_str(json)?;
    each(&mut sweep["runs"], |run| {
        each(&mut run["rows"], |row| {
            let mut list = vec![row["label"].take(), row["bars"].take()];
            list.extend(remove(row, "ends"));
            *row = Value::Array(list);
        });
    });
    Ok(safe(&sweep))
}

/// Returns the runs of a choice as the chooser reads them.
pub(crate) fn choices(json: &str) -> Result<String, serde_json::Error> {
    let choices: Value = serde_json::from_str(json)?;
    Ok(safe(&choices))
}

fn each(list: &mut Value, change: impl FnMut(&mut Value)) {
    list.as_array_mut().into_iter().flatten().for_each(change);
}

fn remove(object: &mut Value, key: &str) -> Option<Value> {
    object.as_object_mut()?.remove(key)
}

/// Writes JSON without the `<` of a tag or a comment. JSON has `<` only in strings, where an escape can replace it.
fn safe(value: &Value) -> String {
    value.to_string().replace('<', "\\u003c")
}
