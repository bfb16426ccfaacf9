//! The SVG files that the book offers are the pictures that the crates' tests drew.

use std::fs;
use std::path::{Path, PathBuf};

use book_figures::Drawn;
use diagram::Theme;
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
        let path = format!("../../src/diagrams/{}/{}.svg", drawn.folder, drawn.name);
        expect_file![path].assert_eq(&svg);
    }
}

#[test]
fn there_is_no_svg_without_a_picture() {
    let drawn = drawn();
    for folder in within(&root().join("book/src/diagrams")) {
        for svg in within(&folder) {
            let of = |it: &&Drawn| {
                folder.ends_with(&it.folder) && svg.file_stem().unwrap() == it.name.as_str()
            };
            assert!(
                drawn.iter().find(of).is_some(),
                "{} is of no picture; delete it",
                svg.display()
            );
        }
    }
}
