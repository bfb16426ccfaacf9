//! The pages of this book: every include brings something, every fence has a language, every picture
//! was drawn and fits, and the summary lists every page. The English, the length and the figures are
//! checked too.

use book_tests::{assert_none, claims, go_to_root, length, prose, sources};
use std::path::Path;

#[test]
fn the_pages_are_whole() {
    go_to_root().unwrap();
    assert_none(&sources::check(Path::new("book/src")).unwrap());
}

#[test]
fn pages_and_comments_keep_to_the_style() {
    go_to_root().unwrap();
    assert_none(&prose::check(Path::new("")).unwrap());
}

#[test]
fn a_chapter_is_read_in_a_quarter_of_an_hour() {
    go_to_root().unwrap();
    assert_none(&length::check(Path::new("book/src")).unwrap());
}

#[test]
fn every_figure_is_in_its_source() {
    go_to_root().unwrap();
    assert_none(&claims::check(Path::new("")).unwrap());
}
