//! The checks, on small books that each have one thing wrong.

mod folder;

use book_tests::{html, sources};
use folder::Folder;

/// Returns the findings in a book whose only page is `page`, without the page's path.
fn findings_in(name: &str, page: &str) -> Vec<String> {
    let folder = Folder::with(
        name,
        &[
            ("src/SUMMARY.md", "[Page](page.md)\n"),
            ("src/page.md", page),
            (
                "claims.rs",
                "use std;\n// ANCHOR: claim\nlet claimed = 1;\n// ANCHOR_END: claim\n",
            ),
            (
                "marks.rs",
                "// ANCHOR: open\nx\n// ANCHOR: blank\n\n// ANCHOR_END: blank\n",
            ),
            (
                "twice.rs",
                "// ANCHOR: a\nx\n// ANCHOR_END: a\n// ANCHOR: a\n// ANCHOR_END: a\n",
            ),
            (
                "info.toml",
                "[[exercises]]\nname = \"a\"\nhint = \"1. Read `x`.\"\n\n[[exercises]]\nname = \"b\"\nhint = \"Read.\"\n",
            ),
            ("blank.txt", " \n\n"),
            ("one.txt", "1\n"),
            ("picture.txt", "Item 1   [████]\n"),
            ("wide.txt", &format!("ok\n{}\n", "█".repeat(81))),
            ("emoji.txt", "done ✅\n"),
            ("tab.txt", "a\tb\n"),
        ],
    );
    let findings = sources::check(&folder.0.join("src")).unwrap();
    findings
        .iter()
        .map(|it| {
            it.to_string()
                .replace(&format!("{}/", folder.0.display()), "")
                .replace("src/page.md:", "")
        })
        .collect()
}

#[track_caller]
fn says(name: &str, page: &str, expected: &str) {
    let said = findings_in(name, page);
    assert!(
        said.len() == 1 && said[0].contains(expected),
        "expected one, {expected:?}; said: {said:#?}"
    );
}

#[test]
fn a_good_page_passes() {
    let page = "# Page\n\nText with `code`.\n\n```rust,ignore\n{{#include ../claims.rs:claim}}\n```\n\n\
                ```text\n{{#include ../picture.txt}}\n```\n\nIt took {{#include ../one.txt}} ns.\n\n```console\n$ cargo test\n```\n\n\
                {{#hints ../info.toml a}}\n\n\
                Escaped: \\{{#include ../none.rs}}\n";
    assert_eq!(findings_in("whole", page), Vec::<String>::new());
}

#[test]
fn an_include_that_includes_nothing_is_found() {
    says(
        "missing",
        "\n\n{{#include ../none.txt}}\n",
        "3: `{{#include ../none.txt}}` can't be read",
    );
    says(
        "anchor",
        "{{#include ../claims.rs:clam}}\n",
        "add `// ANCHOR: clam`",
    );
    says(
        "inline",
        "It took {{#include ../none.txt}} ns.\n",
        "1: `{{#include ../none.txt}}` can't be read",
    );
    says("blank", "{{#include ../blank.txt}}\n", "blank lines");
    says(
        "blank-anchor",
        "{{#include ../marks.rs:blank}}\n",
        "blank lines",
    );
    says("unended", "{{#include ../marks.rs:open}}\n", "never ends");
    says("twice", "{{#include ../twice.rs:a}}\n", "more than once");
}

#[test]
fn an_include_that_includes_too_much_or_too_little_is_found() {
    says(
        "marks",
        "{{#include ../claims.rs}}\n",
        "includes the file's ANCHOR lines",
    );
    says("counted", "{{#include ../claims.rs:2:3}}\n", "counts lines");
    says(
        "misspelt",
        "{{#inculde ../claims.rs:claim}}\n",
        "is an unknown directive",
    );
    says(
        "indented",
        "- a\n\n  {{#include ../wide.txt}}\n",
        "put it at the start of its line",
    );
    says(
        "playground",
        "{{#playground ../claims.rs}}\n",
        "is an unknown directive",
    );
    says("itself", "{{#include page.md}}\n", "includes itself");
}

#[test]
fn missing_hints_are_found() {
    says(
        "no-info",
        "\n{{#hints ../none.toml a}}\n",
        "2: `{{#hints ../none.toml a}}` can't be read",
    );
    says(
        "no-exercise",
        "{{#hints ../info.toml}}\n",
        "needs a path and an exercise",
    );
    says(
        "unknown-exercise",
        "{{#hints ../info.toml c}}\n",
        "has no exercise named `c`; it has a, b",
    );
    says(
        "unnumbered",
        "{{#hints ../info.toml b}}\n",
        "doesn't begin with `1. `",
    );
}

#[test]
fn a_wrong_fence_is_found() {
    says(
        "bare",
        "a\n\n```\nfn main() {}\n```\n",
        "3: the fence has no language",
    );
    says(
        "by-indentation",
        "a\n\n    fn main() {}\n",
        "3: indented code",
    );
    says(
        "unknown",
        "```txt\na\n```\n",
        "`txt` is an unknown language",
    );
    says(
        "unclosed",
        "```console\na\n\n# More\n",
        "1: the fence never ends",
    );
    says("empty", "```console\n```\n", "1: the fence is empty");
    says(
        "typed",
        "```rust\n{{#include ../claims.rs:claim}}\nlet x = 1;\n```\n",
        "3: `rust` is typed",
    );
    says(
        "typed-picture",
        "- a\n\n  ```text\n  [████]\n  ```\n",
        "4: `text` is typed",
    );
}

#[test]
fn a_picture_that_does_not_fit_is_found_in_its_file() {
    says(
        "wide",
        "```text\n{{#include ../wide.txt}}\n```\n",
        "wide.txt:2: the picture is 81 cells wide",
    );
    says(
        "tab",
        "```text\n{{#include ../tab.txt}}\n```\n",
        "tab.txt:1: a picture has '\\t'",
    );
    says(
        "emoji",
        "```text\n{{#include ../emoji.txt}}\n```\n",
        "emoji.txt:1: a picture has '✅'",
    );
}

#[test]
fn the_summary_and_the_pages_agree() {
    let summary = "[Here](here.md)\n[Draft]()\n\n- [Gone](gone.md)\n- [Again](here.md)\n";
    let folder = Folder::with(
        "summary",
        &[
            ("SUMMARY.md", summary),
            ("here.md", "a\n"),
            ("forgotten.md", "a\n"),
            ("404.md", "a\n"),
        ],
    );
    let said = sources::check(&folder.0).unwrap();
    let said: Vec<_> = said
        .iter()
        .map(|it| (it.file.file_name().unwrap().to_str().unwrap(), it.line))
        .collect();
    assert_eq!(
        said,
        [("SUMMARY.md", 4), ("SUMMARY.md", 5), ("forgotten.md", 1)]
    );
}

#[test]
fn a_link_without_a_target_is_found() {
    let index = r##"<h1 id="top">A</h1>
        <a href="b/page.html#here">right</a> <a href="b/">right</a> <a href="#top">right</a>
        <a href="https://example.com/">right, elsewhere</a> <script>let a = '<a href="no">';</script>
        <a href="b/page.html#there">3</a>
        <a href="c.html">4</a>
        <a href="/b/page.html">5</a>
        <a href="../a.html">6</a>
        <img src="https://example.com/a.png">
        <link rel="stylesheet" href="//example.com/a.css">"##;
    let folder = Folder::with(
        "html",
        &[
            ("index.html", index),
            (
                "b/page.html",
                "<h2 id=\"here\">B</h2>\n<a href=\"../index.html?x#top\">right</a>",
            ),
            ("b/index.html", "<a href=\"page.html\">right</a>"),
            (
                "404.html",
                "<base href=\"/book/\"><a href=\"b/page.html\">right</a>",
            ),
            (
                "a.css",
                "@import \"b.css\";\n a { src: url('https://example.com/a.woff2') }\n",
            ),
        ],
    );
    let said = html::check(&folder.0).unwrap();
    let said: Vec<_> = said
        .iter()
        .map(|it| {
            (
                it.file.file_name().unwrap().to_str().unwrap(),
                it.line,
                it.message.split(' ').nth(1).unwrap(),
            )
        })
        .collect();
    assert_eq!(
        said,
        [
            ("index.html", 4, "has"),
            ("index.html", 5, "has"),
            ("index.html", 6, "breaks"),
            ("index.html", 7, "points"),
            ("index.html", 8, "is"),
            ("index.html", 9, "is"),
            ("a.css", 1, "has"),
            ("a.css", 2, "is"),
        ]
    );
}

#[test]
fn a_folder_without_a_book_is_found() {
    let folder = Folder::with("nothing", &[("a.html", "")]);
    assert_eq!(html::check(&folder.0).unwrap().len(), 1);
}
