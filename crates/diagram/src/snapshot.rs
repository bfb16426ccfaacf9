//! Checks what a test draws against the files under `diagrams/`.

use std::env;
use std::fs;
use std::io;
use std::panic::{self, Location};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::{Bars, Curve, Drawing, Flow, Gantt, Lanes, Picture, WIDTH};

/// What [`assert_snapshot!`](crate::assert_snapshot!) can check: a picture, its data, or both.
pub trait Snapshot {
    /// The contents of `NAME.txt`, or `None` if there is only data.
    fn text(&self) -> Option<String>;

    /// The contents of `NAME.json`, or `None` if there is only a picture.
    fn data(&self) -> Option<String>;
}

impl Snapshot for Picture {
    fn text(&self) -> Option<String> {
        let text = self.text(WIDTH);
        Some(text.unwrap_or_else(|error| fail(&error.to_string())))
    }

    fn data(&self) -> Option<String> {
        match self {
            Picture::Drawing(_) => None,
            _ => Some(serde_json::to_string(self).expect("a picture that was drawn is valid JSON")),
        }
    }
}

macro_rules! pictures {
    ($($picture:ident)*) => {$(
        impl Snapshot for $picture {
            fn text(&self) -> Option<String> {
                Snapshot::text(&Picture::from(self.clone()))
            }
            fn data(&self) -> Option<String> {
                Snapshot::data(&Picture::from(self.clone()))
            }
        }
    )*};
}

pictures! { Gantt Lanes Bars Curve Flow Drawing }

/// Text that needs no drawing, such as a table.
impl Snapshot for str {
    fn text(&self) -> Option<String> {
        Some(self.to_owned())
    }

    fn data(&self) -> Option<String> {
        None
    }
}

/// Text that needs no drawing, such as a table.
impl Snapshot for String {
    fn text(&self) -> Option<String> {
        Some(self.clone())
    }

    fn data(&self) -> Option<String> {
        None
    }
}

/// Asserts that a picture and its data match `diagrams/NAME.txt` and `diagrams/NAME.json` in the
/// package's folder: `assert_snapshot!("window", gantt)`.
///
/// With `UPDATE_EXPECT=1`, which `scripts/redraw` sets, the macro writes the files instead.
///
/// # Panics
///
/// If a file differs or doesn't exist. The message shows both pictures, states the first difference in
/// the data, and names the command that redraws. There is no backtrace. Data that differs only in the
/// line numbers of `source` fields passes: adding a comment above a kernel moves them.
#[macro_export]
macro_rules! assert_snapshot {
    ($name:expr, $drawn:expr $(,)?) => {
        $crate::check_snapshot(
            env!("CARGO_MANIFEST_DIR"),
            env!("CARGO_PKG_NAME"),
            $name,
            &$drawn,
        )
    };
}

/// Implements [`assert_snapshot!`](crate::assert_snapshot!), which passes its caller's package.
#[doc(hidden)]
#[track_caller]
pub fn check_snapshot(folder: &str, package: &str, name: &str, drawn: &(impl Snapshot + ?Sized)) {
    let folder = Path::new(folder).join("diagrams");
    if env::var_os("UPDATE_EXPECT").is_some_and(|update| update == "1") {
        for file in File::both(&folder, name, drawn) {
            file.write();
        }
    } else if let Some(difference) = snapshot_difference(&folder, name, drawn) {
        fail(&format!(
            "{difference}\nIf the code is right, and this is the picture you want: scripts/redraw {package}"
        ));
    }
}

/// Describes how the picture and its data differ from the files in `folder`; `None` if they match.
#[doc(hidden)]
#[track_caller]
pub fn snapshot_difference(
    folder: &Path,
    name: &str,
    drawn: &(impl Snapshot + ?Sized),
) -> Option<String> {
    let [text, data] = File::both(folder, name, drawn);
    let differences: Vec<String> = [text.text_difference(), data.data_difference()]
        .into_iter()
        .flatten()
        .collect();
    (!differences.is_empty()).then(|| differences.join("\n"))
}

/// One file and its expected contents.
struct File {
    path: PathBuf,
    /// The path from the package's folder.
    name: String,
    /// `None` if the snapshot has no such file.
    drawn: Option<String>,
}

impl File {
    /// The file with the picture and the file with the data.
    fn both(folder: &Path, name: &str, drawn: &(impl Snapshot + ?Sized)) -> [File; 2] {
        let data = drawn.data().map(|data| data.trim_end().to_owned() + "\n");
        [
            File::new(folder, name, "txt", drawn.text()),
            File::new(folder, name, "json", data),
        ]
    }

    fn new(folder: &Path, name: &str, extension: &str, drawn: Option<String>) -> File {
        let file = format!("{name}.{extension}");
        File {
            path: folder.join(&file),
            name: format!("diagrams/{file}"),
            drawn,
        }
    }

    /// The file's contents and what was drawn, if the two differ. A missing file counts as empty.
    fn compared(&self) -> Option<(String, &str)> {
        let drawn = self.drawn.as_deref()?;
        let committed = match fs::read_to_string(&self.path) {
            Ok(committed) => committed,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => fail(&format!("{}: {error}", self.path.display())),
        };
        (committed != drawn).then_some((committed, drawn))
    }

    fn write(&self) {
        if let Some((_, drawn)) = self.compared() {
            let folder = self.path.parent().expect("a file is in a folder");
            fs::create_dir_all(folder)
                .and_then(|()| fs::write(&self.path, drawn))
                .unwrap_or_else(|error| fail(&format!("{}: {error}", self.path.display())));
        }
    }

    fn text_difference(&self) -> Option<String> {
        let (committed, drawn) = self.compared()?;
        Some(match committed.as_str() {
            "" => format!("{} doesn't exist yet. Drawn now:\n\n{drawn}", self.name),
            _ => format!(
                "{} contains a different picture. In the file:\n\n{committed}\nDrawn now:\n\n{drawn}",
                self.name
            ),
        })
    }

    fn data_difference(&self) -> Option<String> {
        let (committed, drawn) = self.compared()?;
        if committed.is_empty() {
            return Some(format!("{} doesn't exist yet.", self.name));
        }
        let drawn: Value = serde_json::from_str(drawn).expect("what was drawn is JSON");
        let Ok(committed) = serde_json::from_str::<Value>(&committed) else {
            return Some(format!("{} is not JSON.", self.name));
        };
        let mut differences = Vec::new();
        compare(String::new(), &committed, &drawn, &mut differences);
        let first = differences.first()?;
        Some(match differences.len() {
            1 => format!("The data in {} differs: {first}.", self.name),
            count => format!(
                "The data in {} differs in {count} values, first: {first}.",
                self.name
            ),
        })
    }
}

/// Adds a phrase for each value that differs, except line numbers.
fn compare(path: String, committed: &Value, drawn: &Value, differences: &mut Vec<String>) {
    match (committed, drawn) {
        (Value::Array(committed), Value::Array(drawn)) => {
            if committed.len() != drawn.len() {
                let elements = match committed.len() {
                    1 => "1 element".to_owned(),
                    count => format!("{count} elements"),
                };
                let now = drawn.len();
                differences.push(format!("`{path}` had {elements} and now has {now}"));
            }
            for (index, (committed, drawn)) in committed.iter().zip(drawn).enumerate() {
                compare(format!("{path}[{index}]"), committed, drawn, differences);
            }
        }
        (Value::Object(committed), Value::Object(drawn)) => {
            let gone = committed.keys().filter(|key| !drawn.contains_key(*key));
            let all = drawn.keys().chain(gone);
            for key in all {
                let path = match path.as_str() {
                    "" => key.clone(),
                    _ => format!("{path}.{key}"),
                };
                match (committed.get(key), drawn.get(key)) {
                    (Some(committed), Some(drawn)) if key == "source" => {
                        let line_moved = without_line(committed).is_some()
                            && without_line(committed) == without_line(drawn);
                        if !line_moved {
                            compare(path, committed, drawn, differences);
                        }
                    }
                    (Some(committed), Some(drawn)) => compare(path, committed, drawn, differences),
                    (None, Some(drawn)) => differences.push(format!("`{path}` is new: {drawn}")),
                    (committed, None) => {
                        let committed = committed.map_or_else(String::new, Value::to_string);
                        differences.push(format!("`{path}` is gone; it was {committed}"));
                    }
                }
            }
        }
        _ if committed != drawn => {
            differences.push(format!("`{path}` was {committed} and is now {drawn}"));
        }
        _ => {}
    }
}

/// Returns `src/claims.rs` for `src/claims.rs:31`.
fn without_line(source: &Value) -> Option<&str> {
    Some(source.as_str()?.rsplit_once(':')?.0)
}

/// Panics with the message alone. Prints no backtrace, whatever `RUST_BACKTRACE` says.
#[track_caller]
fn fail(message: &str) -> ! {
    let message = format!("{}:\n{message}", Location::caller());
    eprintln!("\n{message}");
    panic::resume_unwind(Box::new(message))
}
