//! The pages of this book: every include brings something, every fence has a language, every picture
//! was drawn and fits, and the summary lists what is there.

use book_tests::{assert_none, go_to_root, sources};
use std::path::Path;

#[test]
fn the_pages_are_whole() {
    go_to_root().unwrap();
    assert_none(&sources::check(Path::new("book/src")).unwrap());
}
