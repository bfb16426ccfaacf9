//! Checks what a test draws against the files in which the pictures are kept.

use std::env;
use std::fs;
use std::io;
use std::panic::{self, Location};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::{Bars, Drawing, Gantt, Lanes, Picture, WIDTH};

/// What [`held!`](crate::held!) can check: a picture, its data, or both.
pub trait Held {
    /// The picture as it stands in `NAME.txt`, or `None` if there is only data.
    fn text(&self) -> Option<String>;

    /// The data as it stands in `NAME.json`, or `None` if there is only a picture.
    fn data(&self) -> Option<String>;
}

impl Held for Picture {
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
        impl Held for $picture {
            fn text(&self) -> Option<String> {
                Held::text(&Picture::from(self.clone()))
            }
            fn data(&self) -> Option<String> {
                Held::data(&Picture::from(self.clone()))
            }
        }
    )*};
}

pictures! { Gantt Lanes Bars Drawing }

/// A text that is its own picture, such as a table.
impl Held for str {
    fn text(&self) -> Option<String> {
        Some(self.to_owned())
    }

    fn data(&self) -> Option<String> {
        None
    }
}

/// A text that is its own picture, such as a table.
impl Held for String {
    fn text(&self) -> Option<String> {
        Some(self.clone())
    }

    fn data(&self) -> Option<String> {
        None
    }
}

/// Checks that a picture and its data are what `diagrams/NAME.txt` and `diagrams/NAME.json` in the
/// package's folder contain: `held!("window", gantt)`.
///
/// With `UPDATE_EXPECT=1`, which `scripts/redraw` sets, it writes the files instead.
///
/// # Panics
///
/// If a file differs or doesn't exist. The message shows both pictures, states the first difference in
/// the data, and names the command that redraws; there is no backtrace. Data that differs only in the
/// line numbers of `source` fields passes: a comment above a kernel moves them.
#[macro_export]
macro_rules! held {
    ($name:expr, $drawn:expr $(,)?) => {
        $crate::check_held(
            env!("CARGO_MANIFEST_DIR"),
            env!("CARGO_PKG_NAME"),
            $name,
            &$drawn,
        )
    };
}

/// What [`held!`](crate::held!) calls with its caller's package.
#[doc(hidden)]
#[track_caller]
pub fn check_held(folder: &str, package: &str, name: &str, drawn: &(impl Held + ?Sized)) {
    let folder = Path::new(folder).join("diagrams");
    if env::var_os("UPDATE_EXPECT").is_some_and(|update| update == "1") {
        for file in File::both(&folder, name, drawn) {
            file.write();
        }
    } else if let Some(difference) = held_difference(&folder, name, drawn) {
        fail(&format!(
            "{difference}\nIf this is the picture you want: scripts/redraw {package}"
        ));
    }
}

/// How the picture and its data differ from the files in `folder`, or `None` if they don't.
#[doc(hidden)]
#[track_caller]
pub fn held_difference(folder: &Path, name: &str, drawn: &(impl Held + ?Sized)) -> Option<String> {
    let [text, data] = File::both(folder, name, drawn);
    let differences: Vec<String> = [text.text_difference(), data.data_difference()]
        .into_iter()
        .flatten()
        .collect();
    (!differences.is_empty()).then(|| differences.join("\n"))
}

/// One file, and what it should contain; nothing if there is no such file.
struct File {
    path: PathBuf,
    /// The path from the package's folder.
    name: String,
    drawn: Option<String>,
}

impl File {
    /// The picture's file and its data's.
    fn both(folder: &Path, name: &str, drawn: &(impl Held + ?Sized)) -> [File; 2] {
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

    /// What the file contains and what was drawn, if these differ; a file that doesn't exist is empty.
    fn compared(&self) -> Option<(String, &str)> {
        let drawn = self.drawn.as_deref()?;
        let kept = match fs::read_to_string(&self.path) {
            Ok(kept) => kept,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => fail(&format!("{}: {error}", self.path.display())),
        };
        (kept != drawn).then_some((kept, drawn))
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
        let (kept, drawn) = self.compared()?;
        Some(match kept.as_str() {
            "" => format!("{} doesn't exist yet. Drawn now:\n\n{drawn}", self.name),
            _ => format!(
                "{} contains another picture. In the file:\n\n{kept}\nDrawn now:\n\n{drawn}",
                self.name
            ),
        })
    }

    fn data_difference(&self) -> Option<String> {
        let (kept, drawn) = self.compared()?;
        if kept.is_empty() {
            return Some(format!("{} doesn't exist yet.", self.name));
        }
        let drawn: Value = serde_json::from_str(drawn).expect("what was drawn is JSON");
        let Ok(kept) = serde_json::from_str::<Value>(&kept) else {
            return Some(format!("{} is no JSON.", self.name));
        };
        let mut differences = Vec::new();
        compare(String::new(), &kept, &drawn, &mut differences);
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

/// Adds a phrase for each value in which the two differ, line numbers aside.
fn compare(path: String, kept: &Value, drawn: &Value, differences: &mut Vec<String>) {
    match (kept, drawn) {
        (Value::Array(kept), Value::Array(drawn)) => {
            if kept.len() != drawn.len() {
                differences.push(format!(
                    "`{path}` had {} elements and now has {}",
                    kept.len(),
                    drawn.len()
                ));
            }
            for (index, (kept, drawn)) in kept.iter().zip(drawn).enumerate() {
                compare(format!("{path}[{index}]"), kept, drawn, differences);
            }
        }
        (Value::Object(kept), Value::Object(drawn)) => {
            let gone = kept.keys().filter(|key| !drawn.contains_key(*key));
            let all = drawn.keys().chain(gone);
            for key in all {
                let path = match path.as_str() {
                    "" => key.clone(),
                    _ => format!("{path}.{key}"),
                };
                match (kept.get(key), drawn.get(key)) {
                    (Some(kept), Some(drawn)) if key == "source" => {
                        if without_line(kept) != without_line(drawn) {
                            compare(path, kept, drawn, differences);
                        }
                    }
                    (Some(kept), Some(drawn)) => compare(path, kept, drawn, differences),
                    (None, Some(drawn)) => differences.push(format!("`{path}` is new: {drawn}")),
                    (kept, None) => {
                        let kept = kept.map_or_else(String::new, Value::to_string);
                        differences.push(format!("`{path}` is gone; it was {kept}"));
                    }
                }
            }
        }
        _ if kept != drawn => {
            differences.push(format!("`{path}` was {kept} and is now {drawn}"));
        }
        _ => {}
    }
}

/// `src/claims.rs` of `src/claims.rs:31`.
fn without_line(source: &Value) -> Option<&str> {
    Some(source.as_str()?.rsplit_once(':')?.0)
}

/// Panics with the message alone: no backtrace, whatever the environment asks for.
#[track_caller]
fn fail(message: &str) -> ! {
    let message = format!("{}:\n{message}", Location::caller());
    eprintln!("\n{message}");
    panic::resume_unwind(Box::new(message))
}
