//! The command line, run as a program.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use expect_test::expect;

const CHART: &str = r#"{"kind": "gantt", "rows": [{"bars": {"label": "x", "bars": [{"start_ms": 0, "end_ms": 5, "end": "finished"}]}}]}"#;

/// A separate folder for each test, initially empty.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join("cli")
            .join(name);
        if path.exists() {
            fs::remove_dir_all(&path).unwrap();
        }
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn write(&self, path: &str, contents: impl AsRef<[u8]>) -> &Folder {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, contents).unwrap();
        self
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.0.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    fn exists(&self, path: &str) -> bool {
        self.0.join(path).exists()
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_diagram"))
            .current_dir(&self.0)
            .args(arguments)
            .output()
            .unwrap()
    }

    /// Runs the program, which must fail, and returns its one line of output.
    fn fails(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        let message = String::from_utf8(output.stderr).unwrap();
        assert_eq!(message.lines().count(), 1, "{message}");
        message
    }

    /// Runs the program, which must succeed, and returns its output.
    fn passes(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap()
    }
}

#[test]
fn the_pictures_of_all_chapters_are_drawn() {
    let folder = Folder::new("chapters");
    folder
        .write(
            "crates/01-pool/diagrams/batches.json",
            format!("{{\"picture\": {CHART}, \"runs\": 3}}"),
        )
        .write("crates/02-fan-out/diagrams/boxes.txt", "┌─┐\n└─┘")
        .write("crates/02-fan-out/diagrams/notes.md", "not a picture")
        .write(
            "crates/02-fan-out/other/boxes.txt",
            "not in a folder of diagrams ┐",
        )
        .write("crates/02-fan-out/target/diagrams/boxes.txt", "built ┐")
        .write("crates/.hidden/diagrams/boxes.txt", "hidden ┐");
    expect!["2 pictures in target/diagrams\n"].assert_eq(&folder.passes(&[]));
    assert_eq!(
        folder.read("target/diagrams/02-fan-out/boxes.txt"),
        "┌─┐\n└─┘\n"
    );
    assert!(
        folder
            .read("target/diagrams/01-pool/batches.txt")
            .starts_with("Time →   0ms")
    );
    let (light, dark) = (
        "target/diagrams/01-pool/batches.svg",
        "target/diagrams/01-pool/batches.dark.svg",
    );
    assert!(folder.read(light).contains("fill=\"#ffffff\""));
    assert!(folder.read(dark).contains("fill=\"#0d1117\""));
    // Again, over the existing files.
    let before = folder.read(light);
    folder.passes(&["crates", "crates/01-pool"]);
    assert_eq!(folder.read(light), before);
}

#[test]
fn a_text_file_beside_its_data_is_copied_unchanged() {
    let folder = Folder::new("side-by-side");
    folder
        .write("diagrams/chart.json", CHART)
        .write("diagrams/chart.txt", "by hand  \n");
    for path in ["diagrams", "diagrams/chart.json", "diagrams/chart.txt"] {
        folder.passes(&["--out", "out", path]);
        assert_eq!(folder.read("out/chart.txt"), "by hand  \n");
        assert!(folder.read("out/chart.svg").contains("Gantt chart"));
    }
}

#[test]
fn json_without_a_picture_is_skipped() {
    let folder = Folder::new("skipped");
    folder
        .write("diagrams/runs.json", "[1, 2]")
        .write("diagrams/both.json", "{}")
        .write("diagrams/both.txt", "x → y");
    let output = folder.passes(&["--out", "out", "diagrams"]);
    assert!(
        output.contains("runs.json: not a picture, skipped"),
        "{output}"
    );
    assert!(
        output.contains("both.json: not a picture, skipped"),
        "{output}"
    );
    assert!(output.contains("1 picture in out"), "{output}");
    assert_eq!(folder.read("out/both.txt"), "x → y\n");
    assert!(!folder.exists("out/runs.svg"));
}

#[test]
fn a_sweep_is_skipped_in_silence() {
    let folder = Folder::new("sweep");
    let runs = r#"{"parameters": [], "runs": [], "pictures": {"chart": {}}}"#;
    folder
        .write("diagrams/chart.json", CHART)
        .write("diagrams/sweep.json", runs)
        .write("diagrams/half.json", r#"{"runs": []}"#);
    let output = folder.passes(&["--out", "out", "diagrams"]);
    assert!(!output.contains("sweep"), "{output}");
    assert!(
        output.contains("half.json: not a picture, skipped"),
        "{output}"
    );
    assert!(!folder.exists("out/sweep.svg"));
}

#[test]
fn a_folder_without_pictures_is_reported() {
    let folder = Folder::new("none");
    folder.write("crates/README.md", "");
    expect!["no pictures in crates\n"].assert_eq(&folder.passes(&[]));
    assert!(!folder.exists("target"));
}

#[test]
fn bad_input_gives_one_line_and_writes_nothing() {
    let folder = Folder::new("bad");
    folder
        .write("good/diagrams/a.json", CHART)
        .write("crooked/diagrams/b.txt", "┌─┐\n└──\n")
        .write("wide/diagrams/c.txt", "x".repeat(81))
        .write("broken/diagrams/d.json", "{\n{")
        .write("typo/diagrams/e.json", r#"{"kind": "gantt", "row": []}"#)
        .write("empty/diagrams/f.json", r#"{"kind": "gantt", "rows": []}"#)
        .write("bytes/diagrams/g.txt", [0xFF])
        .write("other.md", "");
    let mut messages = String::new();
    for path in [
        "crooked", "wide", "broken", "typo", "empty", "bytes", "other.md",
    ] {
        messages += &folder.fails(&["--out", "out", "good", path]);
    }
    // The system words its own message for a missing file, so only the start is checked.
    assert!(folder.fails(&["missing"]).starts_with("diagram: missing: "));
    assert!(folder.fails(&[]).starts_with("diagram: crates: "));
    assert!(!folder.exists("out"));
    let messages = messages.replace('\\', "/");
    expect![[r#"
        diagram: crooked/diagrams/b.txt: line 1, column 3: '┐' leads down, but no line meets it there; line 2, column 3: '─' leads right, but no line meets it there
        diagram: wide/diagrams/c.txt: line 1 is 81 cells wide, but at most 80 fit
        diagram: broken/diagrams/d.json: not a valid JSON picture: key must be a string at line 2 column 1
        diagram: typo/diagrams/e.json: not a valid JSON picture: unknown field `row`, expected one of `title`, `rows`, `notes`
        diagram: empty/diagrams/f.json: the picture has no rows; add at least one
        diagram: bytes/diagrams/g.txt: stream did not contain valid UTF-8
        diagram: other.md: not a .json or .txt file
    "#]].assert_eq(&messages);
}

#[test]
fn two_pictures_with_one_name_are_an_error() {
    let folder = Folder::new("one-name");
    folder
        .write("a/chart.json", CHART)
        .write("b/chart.json", CHART);
    let message = folder.fails(&["a/chart.json", "b/chart.json"]);
    expect![[r#"
        diagram: b/chart: a/chart has the same name
    "#]]
    .assert_eq(&message);
}
