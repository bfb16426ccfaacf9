//! The checks of the English and of the length, on small texts.

use book_tests::{Finding, length, prose};
use std::path::Path;

fn lines(findings: &[Finding]) -> Vec<usize> {
    findings.iter().map(|it| it.line).collect()
}

#[track_caller]
fn passes(text: &str) {
    let findings = prose::check_markdown(Path::new("page.md"), text);
    assert!(findings.is_empty(), "{text:?}: {findings:?}");
}

#[track_caller]
fn fails(text: &str, line: usize, expected: &str) {
    let findings = prose::check_markdown(Path::new("page.md"), text);
    assert_eq!(lines(&findings), [line], "{text:?}: {findings:?}");
    let said = findings[0].to_string();
    assert!(said.contains(expected), "{said}");
}

#[test]
fn good_sentences_pass() {
    passes("A worker that finishes takes the next item. Every `Claim` comes from `next`.\n");
    passes("Who wakes the worker? \"Who waits?\" *Whoever could that be?*\n\n# Who waits?\n");
    passes("Whose item is it. The engineer who wrote this left. Whole pages.\n");
    passes("Amend it. A mendicant. Emending. It was recommended.\n");
    passes("Three questions: who waits, for what, and who tells them?\n");
    passes("The worker for whom it waits. Let it go. So many items at once.\n");
}

#[test]
fn a_sentence_that_begins_with_who_is_found() {
    fails("Whoever is first wins.\n", 1, "begins with \"Whoever\"");
    fails(
        "A claim.\nIt is unique. Who\nholds it, has it.\n",
        2,
        "begins with \"Who\"",
    );
    fails("# Who reads this\n", 1, "begins with \"Who\"");
    fails(
        "- Free.\n- *Who waits:* the reader.\n",
        2,
        "begins with \"Who\"",
    );
    fails(
        "| a | b |\n|---|---|\n| Waits? | Who is first |\n",
        3,
        "begins with \"Who\"",
    );
    fails(
        "<details>\n<summary>Who is first</summary>\n\nA.\n\n</details>\n",
        2,
        "begins with \"Who\"",
    );
    fails(
        "He asked (Whoever he is.) a thing.\n\n\"Who waits.\"\n",
        3,
        "begins with \"Who\"",
    );
}

#[test]
fn a_phrase_that_the_style_replaces_is_found() {
    fails(
        "One.\n\nThe mended kernel.\n",
        3,
        "\"mended\"; write \"fix\"",
    );
    fails("Mend it.\n", 1, "\"Mend\"");
    fails("It *mends* it, mostly.\n", 1, "\"mends\"");
    fails(
        "The thread lets\ngo of the lock.\n",
        1,
        "\"lets go of\"; write \"release\"",
    );
    fails("It works on so many at once.\n", 1, "at most N at once");
    fails("For who holds a workshop\n", 1, "\"For who\"");
    fails("The worker, who takes it, runs.\n", 1, "\"who takes\"");
    fails("What it costs and who pays.\n", 1, "\"and who\"");
}

#[test]
fn code_and_comments_in_html_are_no_prose() {
    passes(
        "Call `mend`.\n\n```text\nWhoever mends it.\n```\n\n<!-- Whoever mends it. -->\n\nA <!-- mended --> b.\n",
    );
    passes("- A list:\n\n  ```console\n  $ mend\n  ```\n");
    fails(
        "```text\nmend\n```\n\n<!-- a\nb -->\n\nIt is mended.\n",
        8,
        "\"mended\"",
    );
}

#[test]
fn comments_of_rust_are_read_and_its_code_is_not() {
    let source = r####"//! Whoever reads this.
//!
//! ```
//! mend();
//! ```

// Not mended, `mended`.
const A: &str = "// Whoever mends it";
const B: &str = r#"\" // Whoever mends it "#;
const C: char = '"'; // It lets
const D: char = '\''; // go of the lock.
/* Whoever mends it. */
fn f<'a>(a: &'a str) -> br::X { let x = a; } // mended
// ANCHOR: mended
/// It lets
/// go of the lock.
fn g() { println!("http://mended"); }
// ANCHOR_END: mended
"####;
    let findings = prose::check_rust(Path::new("a.rs"), source);
    assert_eq!(lines(&findings), [1, 7, 13, 15], "{findings:?}");
}

#[test]
fn words_are_counted_without_listings_and_comments() {
    let page = "# One two\n\nThree `four` – five.\n\n```text\nno no\n```\n\n*six\nseven*\n\n<!-- no -->\n\n\
                <details>\n<summary>Eight nine</summary>\n\nTen <!-- no --> 11.\n\n</details>\n\n\
                - twelve\n- `13 fourteen`\n\n| fifteen |\n|---|\n| 16 |\n";
    assert_eq!(length::words(page), 16);
}

#[test]
fn a_chapter_is_told_by_its_number() {
    for (name, is) in [
        ("src/01-pool.md", true),
        ("01-pool-exercises.md", true),
        ("explored.md", false),
        ("1-pool.md", false),
        ("01-pool.txt", false),
    ] {
        assert_eq!(length::is_chapter(Path::new(name)), is, "{name}");
    }
}
