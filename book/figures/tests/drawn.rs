//! Compares the SVG files that the book offers with the pictures that the crates' tests drew.

use std::fs;
use std::path::{Path, PathBuf};

use book_figures::Drawn;
use diagram::{Picture, Theme};
use expect_test::expect_file;
use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn within(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn drawn() -> Vec<Drawn> {
    let crates = within(&root().join("crates"));
    let files = crates
        .iter()
        .flat_map(|folder| within(&folder.join("diagrams")));
    files.filter_map(|path| Drawn::of(&path)).collect()
}

#[test]
fn each_picture_has_its_svg() {
    let drawn = drawn();
    assert!(!drawn.is_empty());
    for drawn in drawn {
        let svg = drawn.picture().unwrap().svg(Theme::Light);
        let svg = svg.unwrap_or_else(|error| panic!("{}/{}: {error}", drawn.folder, drawn.name));
        // A new chapter has no folder yet.
        let folder = root().join("book/src/diagrams").join(&drawn.folder);
        fs::create_dir_all(folder).unwrap();
        let path = format!("../../src/diagrams/{}/{}.svg", drawn.folder, drawn.name);
        expect_file![path].assert_eq(&svg);
    }
}

/// The JSON files that a reader can step or slide through, each with its script.
fn scripts() -> Vec<(PathBuf, String)> {
    let crates = within(&root().join("crates"));
    let files = crates
        .iter()
        .flat_map(|folder| within(&folder.join("diagrams")));
    let json = files.filter(|path| path.extension().is_some_and(|it| it == "json"));
    json.filter_map(|path| {
        let script = book_figures::data(&path).unwrap()?;
        let folder = path.ancestors().nth(2)?.file_name()?;
        let name = path.with_extension("js");
        Some((Path::new(folder).join(name.file_name()?), script))
    })
    .collect()
}

#[test]
fn each_recording_has_its_script() {
    let scripts = scripts();
    for (path, script) in &scripts {
        let path = Path::new("../../src/diagrams").join(path);
        expect_file![path].assert_eq(script);
    }
    for folder in within(&root().join("book/src/diagrams")) {
        for file in within(&folder) {
            let is = |(path, _): &(PathBuf, String)| file.ends_with(path);
            assert!(
                file.extension().is_none_or(|it| it != "js") || scripts.iter().any(is),
                "{} belongs to no recording; delete it",
                file.display()
            );
        }
    }
}

/// The explorer's listing is the code that ran: the line of each operation calls the method that was recorded.
#[test]
fn each_operation_is_on_its_line() {
    let mut checked = 0;
    for (path, script) in scripts() {
        let data = script
            .split_once(" = ")
            .unwrap()
            .1
            .trim_end()
            .trim_end_matches(';');
        let data: Value = serde_json::from_str(data).unwrap();
        let Some(operations) = data["operations"].as_array() else {
            continue;
        };
        let listings = data["listings"].as_array().unwrap();
        let lines: Vec<(String, &str)> = listings
            .iter()
            .flat_map(|listing| {
                let source = root().join(listing["file"].as_str().unwrap());
                let source = fs::read_to_string(source).unwrap();
                let line = move |line: &'_ Value| {
                    let number = line[0].as_u64()?;
                    Some(source.lines().nth(number as usize - 1)?.trim().to_owned())
                };
                let lines = listing["lines"].as_array().unwrap().iter();
                lines.map(move |it| (line(it).unwrap_or_default(), it[1].as_str().unwrap()))
            })
            .collect();
        for operation in operations {
            let Some(at) = operation["line"].as_u64() else {
                continue;
            };
            let (source, shown) = &lines[at as usize];
            assert_eq!(source, shown.trim(), "{}", path.display());
            let text = operation["text"].as_str().unwrap();
            let method = match text {
                "woken, lock reacquired" => ".wait",
                "woken, polls again" => "block_on",
                _ if text.starts_with("unlock ") => "",
                _ => text
                    .split(['(', '.'])
                    .rfind(|it| it.len() > 2 && text.contains(&format!("{it}(")))
                    .unwrap_or(""),
            };
            // `fetch_update` loads, and then compares and exchanges.
            assert!(
                shown.contains(method) || shown.contains(".fetch_update("),
                "{}: `{text}` is not in `{shown}`",
                path.display()
            );
            checked += 1;
        }
    }
    assert!(checked > 100, "{checked}");
}

#[test]
fn each_svg_has_its_picture() {
    let drawn = drawn();
    for folder in within(&root().join("book/src/diagrams")) {
        let svgs = within(&folder);
        for svg in svgs
            .iter()
            .filter(|path| path.extension().is_some_and(|it| it == "svg"))
        {
            let of = |it: &&Drawn| {
                folder.ends_with(&it.folder) && svg.file_stem().unwrap() == it.name.as_str()
            };
            assert!(
                drawn.iter().find(of).is_some(),
                "{} belongs to no picture; delete it",
                svg.display()
            );
        }
    }
}

/// The book's icon is the picture of the lost update, reduced to a mark per step: one column per worker, from
/// top to bottom.
#[test]
fn the_icon_is_the_lost_update() {
    let path = root().join("crates/07-atomics/diagrams/lost-update.txt");
    let Picture::Lanes(lanes) = Drawn::of(&path).unwrap().picture().unwrap() else {
        panic!("the lost update isn't drawn in lanes");
    };
    let (wide, high) = (64 / lanes.lanes.len(), 64 / lanes.steps.len());
    let mark = |(row, step): (usize, &diagram::Step)| {
        let (x, y) = (step.lane * wide + 4, row * high + 3);
        let fill = if step.value.is_some() {
            "#0b62c4"
        } else {
            "#d33c3c"
        };
        format!(
            "<rect x=\"{x}\" y=\"{y}\" width=\"{}\" height=\"{}\" rx=\"3\" fill=\"{fill}\"/>\n",
            wide - 8,
            high - 6
        )
    };
    let marks: String = lanes.steps.iter().enumerate().map(mark).collect();
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 64 64\">\n\
         <rect width=\"64\" height=\"64\" rx=\"10\" fill=\"#ffffff\"/>\n{marks}</svg>\n"
    );
    expect_file!["../../theme/favicon.svg"].assert_eq(&svg);
}
