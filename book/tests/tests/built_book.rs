//! Checks the built book in the folder `BOOK_HTML`: every link has a target, and nothing is fetched from
//! another host.

use book_tests::{assert_none, go_to_root, html};
use std::io::Write;
use std::path::Path;

#[test]
fn every_link_has_a_target_and_nothing_is_fetched_from_another_host() {
    go_to_root().unwrap();
    match std::env::var_os("BOOK_HTML") {
        Some(folder) => assert_none(&html::check(Path::new(&folder)).unwrap()),
        // Written to stderr directly, because the test runner captures `eprintln!`.
        None => writeln!(
            std::io::stderr(),
            "skipped: the built book's links: BOOK_HTML isn't set (scripts/test sets it)"
        )
        .unwrap(),
    }
}
