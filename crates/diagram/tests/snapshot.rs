//! What `assert_snapshot!` reports when a picture or its data differs from the files.

use std::fs;
use std::path::{Path, PathBuf};

use diagram::{Bars, Measurement, Snapshot, snapshot_difference};
use expect_test::{Expect, expect};

/// A temporary folder of drawn files.
struct Folder(PathBuf);

impl Folder {
    fn with(test: &str, files: &[(&str, &str)]) -> Folder {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        for (name, content) in files {
            fs::write(folder.join(name), content).unwrap();
        }
        Folder(folder)
    }

    fn reports(&self, drawn: &(impl Snapshot + ?Sized), expected: Expect) {
        let difference = snapshot_difference(&self.0, "picture", drawn);
        expected.assert_eq(&difference.unwrap_or_default());
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn bars(value: f64) -> Bars {
    Bars {
        title: None,
        unit: "ms".to_owned(),
        rows: vec![
            Measurement::new("window", value),
            Measurement::new("batches", 4.0),
        ],
        baseline: None,
        notes: Vec::new(),
    }
}

#[test]
fn a_picture_and_data_that_match_the_files_pass() {
    let (text, data) = (bars(2.0).to_string(), Snapshot::data(&bars(2.0)).unwrap());
    let files = [("picture.txt", &*text), ("picture.json", &*(data + "\n"))];
    Folder::with("same", &files).reports(&bars(2.0), expect![""]);
}

#[test]
fn a_different_picture_is_shown_after_the_one_in_the_file() {
    let (text, data) = (bars(2.0).to_string(), Snapshot::data(&bars(2.0)).unwrap());
    let files = [("picture.txt", &*text), ("picture.json", &*data)];
    Folder::with("other", &files).reports(
        &bars(3.0),
        expect![[r#"
        diagrams/picture.txt contains a different picture. In the file:

        window    ▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆                       2 ms
        batches   ▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆   4 ms

        Drawn now:

        window    ▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆             3 ms
        batches   ▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆   4 ms

        The data in diagrams/picture.json differs: `rows[0].value` was 2.0 and is now 3.0."#]],
    );
}

#[test]
fn missing_files_are_reported() {
    Folder::with("none", &[]).reports(
        "a table\n",
        expect![[r#"
        diagrams/picture.txt doesn't exist yet. Drawn now:

        a table
    "#]],
    );
    Folder::with("no-data", &[]).reports(
        &bars(2.0),
        expect![[r#"
        diagrams/picture.txt doesn't exist yet. Drawn now:

        window    ▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆                       2 ms
        batches   ▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆   4 ms

        diagrams/picture.json doesn't exist yet."#]],
    );
}

/// Data without a picture, like a sweep.
struct Data(&'static str);

impl Snapshot for Data {
    fn text(&self) -> Option<String> {
        None
    }
    fn data(&self) -> Option<String> {
        Some(self.0.to_owned())
    }
}

#[test]
fn data_that_differs_only_in_line_numbers_passes() {
    let file = [(
        "picture.json",
        r#"{"steps": [{"source": "src/claims.rs:31", "text": "load"}]}"#,
    )];
    let package = Folder::with("lines", &file);
    let moved = Data(r#"{"steps": [{"source": "src/claims.rs:33", "text": "load"}]}"#);
    package.reports(&moved, expect![""]);
    let elsewhere = Data(r#"{"steps": [{"source": "src/queue.rs:31", "text": "load"}]}"#);
    package.reports(&elsewhere, expect![[r#"The data in diagrams/picture.json differs: `steps[0].source` was "src/claims.rs:31" and is now "src/queue.rs:31"."#]]);
    let longer = Data(r#"{"steps": [{"text": "load"}, {"text": "store"}], "complete": true}"#);
    package.reports(
        &longer,
        expect![
            "The data in diagrams/picture.json differs in 3 values, first: `complete` is new: true."
        ],
    );
    let longer = Data(r#"{"steps": [{"source": "src/claims.rs:31", "text": "load"}, {}]}"#);
    package.reports(
        &longer,
        expect!["The data in diagrams/picture.json differs: `steps` had 1 element and now has 2."],
    );
}

#[test]
fn a_file_that_is_not_json_is_reported() {
    let file = [("picture.json", "{")];
    Folder::with("broken", &file)
        .reports(&Data("{}"), expect!["diagrams/picture.json is not JSON."]);
}
