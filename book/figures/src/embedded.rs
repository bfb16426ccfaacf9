//! Prepares an instrument's data for a script element of a page. The data makes up a good part of a page's size, so
//! what the page's scripts don't read is left out.

use serde_json::{Value, json};

/// Returns a recording as the explorer reads it: of the picture only the verdict, and no lines of the source.
pub(crate) fn recording(json: &str) -> Result<String, serde_json::Error> {
    let mut recording: Value = serde_json::from_str(json)?;
    let verdict = recording["picture"]["verdict"].take();
    recording["picture"] = match verdict {
        Value::Null => json!({}),
        verdict => json!({ "verdict": verdict }),
    };
    each(&mut recording["operations"], |operation| {
        remove(operation, "source");
    });
    each(&mut recording["executions"], |execution| {
        remove(execution, "end");
    });
    Ok(safe(&recording))
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
