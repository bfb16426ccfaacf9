//! The built book in the folder that `BOOK_HTML` names: its links lead somewhere, and all that it
//! fetches is its own.

use book_tests::{assert_none, go_to_root, html};
use std::io::Write;
use std::path::Path;

#[test]
fn every_link_leads_somewhere_and_nothing_is_fetched_from_elsewhere() {
    go_to_root().unwrap();
    match std::env::var_os("BOOK_HTML") {
        Some(folder) => assert_none(&html::check(Path::new(&folder)).unwrap()),
        // Written past the test runner, which would keep it to itself.
        None => writeln!(
            std::io::stderr(),
            "skipped: the built book's links: BOOK_HTML names no folder (scripts/test sets it)"
        )
        .unwrap(),
    }
}
