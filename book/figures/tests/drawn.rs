//! Compares the SVG files that the book offers with the pictures that the crates' tests drew.

use std::fs;
use std::path::{Path, PathBuf};

use book_figures::Drawn;
use diagram::{Picture, Theme};
use expect_test::expect_file;

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

#[test]
fn each_svg_has_its_picture() {
    let drawn = drawn();
    for folder in within(&root().join("book/src/diagrams")) {
        for svg in within(&folder) {
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
