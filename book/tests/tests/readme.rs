//! What the README shows is what the tests drew.

use book_tests::go_to_root;
use std::fs;

#[test]
fn the_readmes_picture_is_the_one_that_a_test_drew() {
    go_to_root().unwrap();
    let readme = fs::read_to_string("README.md").unwrap();
    let drawn = "crates/interleave/diagrams/broken-counter.txt";
    let picture = fs::read_to_string(drawn).unwrap();
    assert!(
        readme.contains(&format!("```text\n{picture}```\n")),
        "README.md doesn't show {drawn}:\n{picture}"
    );
    assert!(readme.contains(&format!("(`{drawn}`)")));
}
