//! Draws the pictures in a folder as text and as SVG, for pages and slides.

#[cfg(feature = "png")]
mod png;

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{fs, io};

use clap::Parser;
use diagram::{Drawing, Error, Picture, Theme, WIDTH};

/// Draws pictures as text and as SVG, light and dark.
///
/// A picture is a .json file, or the key "picture" in one, or a drawing in a .txt file. If a .json and a
/// .txt file share a name, the .txt file is copied as the text, and the SVG is drawn from the .json file. If
/// one picture is invalid, nothing is written and the exit status is 2.
///
/// If the program is built with `--features png`, each picture is also written as an image that fits a screen of 1920 by
/// 1080 pixels (.png, .dark.png), and one that fits 3840 by 2160 (@2x.png, .dark@2x.png).
#[derive(Parser)]
#[command(name = "diagram", version)]
struct Arguments {
    /// Where to write NAME.txt, NAME.svg and NAME.dark.svg; pictures from CHAPTER/diagrams/ go to CHAPTER/
    #[arg(long, value_name = "DIR", default_value = "target/diagrams")]
    out: PathBuf,
    /// Pictures, and folders to search for diagrams/*.json and diagrams/*.txt
    #[arg(value_name = "PATH", default_value = "crates")]
    paths: Vec<PathBuf>,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("diagram: {message}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), String> {
    let mut sources = Vec::new();
    for path in &arguments.paths {
        find(path, true, &mut sources).map_err(|error| at(path, error))?;
    }
    // The key is the output path without its extension: a .json and the .txt beside it are one picture.
    let mut pictures: BTreeMap<PathBuf, Drawn> = BTreeMap::new();
    let mut origins: BTreeMap<PathBuf, PathBuf> = BTreeMap::new();
    for source in sources {
        let stem = source.with_extension("");
        let target = target(&stem);
        match origins.insert(target.clone(), stem.clone()) {
            Some(other) if other == stem => {}
            Some(other) => return Err(at(&stem, format!("{} has the same name", other.display()))),
            None => {
                if let Some(drawn) = draw(&stem)? {
                    pictures.insert(target, drawn);
                }
            }
        }
    }
    if pictures.is_empty() {
        let paths: Vec<String> = arguments
            .paths
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        println!("no pictures in {}", paths.join(", "));
        return Ok(());
    }
    for (target, drawn) in &pictures {
        drawn.write(&arguments.out.join(target))?;
    }
    let noun = if pictures.len() == 1 {
        "picture"
    } else {
        "pictures"
    };
    println!("{} {noun} in {}", pictures.len(), arguments.out.display());
    Ok(())
}

/// Collects the pictures at `path`. A file that the user `named` needn't be in a `diagrams` folder.
fn find(path: &Path, named: bool, sources: &mut Vec<PathBuf>) -> io::Result<()> {
    if fs::metadata(path)?.is_dir() {
        let mut entries = fs::read_dir(path)?.collect::<io::Result<Vec<_>>>()?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let name = entry.file_name();
            let skipped = name == "target" || name.as_encoded_bytes().starts_with(b".");
            // A loop of symbolic links would never end.
            if !skipped && !entry.file_type()?.is_symlink() {
                find(&entry.path(), false, sources)?;
            }
        }
        return Ok(());
    }
    let is_picture = path
        .extension()
        .is_some_and(|extension| extension == "json" || extension == "txt");
    if is_picture
        && (named || path.parent().and_then(Path::file_name) == Some(OsStr::new("diagrams")))
    {
        sources.push(path.to_owned());
    } else if named {
        return Err(io::Error::other("not a .json or .txt file"));
    }
    Ok(())
}

/// Returns where a picture goes: `crates/01-pool/diagrams/batches` to `01-pool/batches`.
fn target(stem: &Path) -> PathBuf {
    let name = stem.file_name().unwrap_or(OsStr::new("picture"));
    let folder = stem
        .parent()
        .filter(|folder| folder.file_name() == Some(OsStr::new("diagrams")));
    match folder.and_then(Path::parent).and_then(Path::file_name) {
        Some(chapter) => Path::new(chapter).join(name),
        None => PathBuf::from(name),
    }
}

/// The files of one picture.
struct Drawn {
    text: String,
    light: String,
    dark: String,
}

/// Draws the picture in `stem.json` and `stem.txt`, one of which exists. Returns `None` if there is only a
/// .json file, and it has no picture.
fn draw(stem: &Path) -> Result<Option<Drawn>, String> {
    let (json_path, text_path) = (with_suffix(stem, "json"), with_suffix(stem, "txt"));
    let text = read(&text_path)?;
    let mut picture = None;
    if let Some(json) = read(&json_path)? {
        match Picture::from_json(&json) {
            Ok(read) => picture = Some(read),
            Err(Error::NotAPicture) if is_sweep(&json) => {}
            Err(Error::NotAPicture) => {
                eprintln!("{}: not a picture, skipped", json_path.display())
            }
            Err(error) => return Err(at(&json_path, error)),
        }
    }
    let drawn = match (picture, text) {
        (Some(picture), text) => drawn(&picture, text).map_err(|error| at(&json_path, error))?,
        (None, Some(text)) => {
            let picture = Picture::from(Drawing { text });
            drawn(&picture, None).map_err(|error| at(&text_path, error))?
        }
        (None, None) => return Ok(None),
    };
    Ok(Some(drawn))
}

/// Whether `json` is a sweep by `timeline`: the runs behind several pictures, and no picture itself.
fn is_sweep(json: &str) -> bool {
    let value: Option<serde_json::Value> = serde_json::from_str(json).ok();
    value.is_some_and(|value| value.get("runs").is_some() && value.get("pictures").is_some())
}

/// Draws `picture`, with `text` as its text if there is one.
fn drawn(picture: &Picture, text: Option<String>) -> Result<Drawn, Error> {
    Ok(Drawn {
        text: text.map_or_else(|| picture.text(WIDTH), Ok)?,
        light: picture.svg(Theme::Light)?,
        dark: picture.svg(Theme::Dark)?,
    })
}

impl Drawn {
    fn write(&self, stem: &Path) -> Result<(), String> {
        let write = |suffix: &str, contents: &str| {
            let path = with_suffix(stem, suffix);
            fs::write(&path, contents).map_err(|error| at(&path, error))
        };
        if let Some(folder) = stem.parent() {
            fs::create_dir_all(folder).map_err(|error| at(folder, error))?;
        }
        write("txt", &self.text)?;
        write("svg", &self.light)?;
        write("dark.svg", &self.dark)?;
        #[cfg(feature = "png")]
        for (svg, dark) in [(&self.light, ""), (&self.dark, "dark")] {
            for (size, large) in [(png::SCREEN, ""), (png::LARGE_SCREEN, "@2x")] {
                let image = png::image(svg, size).map_err(|error| at(stem, error))?;
                // `window.png`, `window.dark.png`, `window@2x.png`, `window.dark@2x.png`
                let dot = if dark.is_empty() { "" } else { "." };
                let mut path = stem.as_os_str().to_owned();
                path.push(format!("{dot}{dark}{large}.png"));
                fs::write(&path, image).map_err(|error| at(Path::new(&path), error))?;
            }
        }
        Ok(())
    }
}

/// Returns the file's text, or `None` if there is no such file.
fn read(path: &Path) -> Result<Option<String>, String> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(at(path, error)),
    }
}

/// Appends an extension. [`Path::with_extension`] would cut the name `v1.2` to `v1`.
fn with_suffix(stem: &Path, suffix: &str) -> PathBuf {
    let mut path = stem.as_os_str().to_owned();
    path.push(".");
    path.push(suffix);
    PathBuf::from(path)
}

fn at(path: &Path, error: impl Display) -> String {
    // One line, even for several mistakes.
    format!(
        "{}: {}",
        path.display(),
        error.to_string().replace('\n', "; ")
    )
}
