//! The check of the figures, on a small repository.

mod folder;

use book_tests::claims;
use folder::Folder;

const RESULTS: &str = "\
$ scripts/bench pool
2026-11-23, Linux, 2 cores

no-op items, per item

window      ▆        15.9 ns  (15.8 to 15.9)  1.00×
buffered    ▆▆▆▆     72.1 ns  (71.8 to 72.3)  4.54×
semaphore   ▆▆▆▆▆▆    408 ns  (394 to 422)    25.7×

two threads, per item

window      ▆        99.6 ns  (99.1 to 100)   1.00×

resident bytes a client

go       31,268  (31,237 to 31,281)
ours     12,065  (12,048 to 12,077)

medians of 5 runs; 7188930 of 20000000 lost
";

/// Returns the findings on a page of chapter 1, without the page's path.
fn findings_on(name: &str, page: &str) -> Vec<String> {
    let folder = Folder::with(
        name,
        &[
            ("book/src/01-pool.md", page),
            ("book/src/explored.md", "Not a chapter: 3 ns.\n"),
            ("crates/01-pool/benches/results.txt", RESULTS),
            (
                "crates/01-pool/benches/crash.txt",
                "window 1000 done in 3 ms\n",
            ),
            (
                "crates/01-pool/src/lib.rs",
                "const SIZE: usize = 64 * 1_024; // 135 ns\n",
            ),
            (
                "crates/01-pool/tests/care.rs",
                "#[test]\nfn it_takes_a_third() {}\n",
            ),
        ],
    );
    let findings = claims::check(&folder.0).unwrap();
    let said = findings.iter().map(|it| {
        it.to_string()
            .replace(&format!("{}/", folder.0.display()), "")
            .replace("book/src/01-pool.md:", "")
    });
    said.collect()
}

fn caption(text: &str) -> String {
    format!("```text\n{{{{#include ../../crates/01-pool/benches/results.txt}}}}\n```\n\n*{text}*\n")
}

#[track_caller]
fn passes(name: &str, page: &str) {
    assert_eq!(findings_on(name, page), Vec::<String>::new(), "{page}");
}

#[track_caller]
fn fails(name: &str, page: &str, expected: &[&str]) {
    let said = findings_on(name, page);
    assert_eq!(said.len(), expected.len(), "{page}\n{said:#?}");
    for (said, expected) in said.iter().zip(expected) {
        assert!(
            said.contains(expected),
            "expected {expected:?}; said: {said}"
        );
    }
}

#[test]
fn a_caption_with_the_figures_of_its_file_passes() {
    for (index, text) in [
        "A window takes 15.9 ns, 16 ns rounded, and 0.0159 µs.",
        "Between 72 and 408 ns, about 410 ns.",
        "72, 99.6 and 408 ns; on two threads 100 ns.",
        "The peers take 4.54×, 4.5 × and 26 times as long.",
        "On two threads a window takes 6.3 times as long.",
        "12 KB a client, 0.39 times Go's 31,268 bytes, or 31.3 KB.",
        "It loses 36 % and 35.9%.",
        "A window of 1,000 items, and `3 ns` in code.",
        "The medians of 5 runs, 5 times.",
    ]
    .iter()
    .enumerate()
    {
        passes(&format!("good-{index}"), &caption(text));
    }
}

#[test]
fn a_figure_that_the_file_lacks_is_found() {
    for (index, (text, expected)) in [
        (
            "It takes 17 ns.",
            "5: \"17 ns\" is not in crates/01-pool/benches/results.txt",
        ),
        ("It takes\n15.8 to 15.99 ns.", "6: \"15.99 ns\" is not in"),
        ("It takes 15.9 ms.", "5: \"15.9 ms\""),
        ("It takes 7 times as long.", "5: \"7 times\""),
        (
            "It takes 4.6×.",
            "no ratio of two numbers in one section or with one label",
        ),
        ("A client takes 13 KB.", "5: \"13 KB\""),
        ("It loses 40 %.", "5: \"40 %\""),
        ("It takes 60 ns or 100 ns.", "5: \"60 ns\""),
        (
            "It delivers 1.5 million events a second.",
            "5: \"1.5 million events a second\"",
        ),
    ]
    .iter()
    .enumerate()
    {
        fails(&format!("bad-{index}"), &caption(text), &[expected]);
    }
}

#[test]
fn a_picture_of_virtual_time_needs_no_source() {
    let page = "Five items of 100 ms each take 2 s.\n\n```text\n\
                {{#include ../../crates/01-pool/benches/results.txt}}\n```\n\nNo caption: 3 s.\n";
    passes("virtual", page);
}

#[test]
fn a_sentence_that_names_the_results_is_compared_with_them() {
    let page = |figure: &str| {
        format!(
            "It took 100 ms. In `crates/01-pool/benches/results.txt` a window takes {figure}. And 1 s.\n"
        )
    };
    passes("named", &page("15.9 ns"));
    fails("misnamed", &page("15.7 ns"), &["1: \"15.7 ns\" is not in"]);
    fails(
        "named-short",
        "`results.txt` says 3 s.\n",
        &["\"3 s\" is not in"],
    );
}

#[test]
fn a_measured_figure_needs_a_source() {
    fails(
        "unsourced",
        "It takes\n135 ns, 3 µs, 4 KB, 5 MB, 6 GB, or 7 %, and 8 ms, 9 s.\n\n- 1 ns\n",
        &[
            "2: \"135 ns\" has no source",
            "3 µs",
            "4 KB",
            "5 MB",
            "6 GB",
            "7 %",
            "4: \"1 ns\"",
        ],
    );
    for (name, source) in [
        ("file", "crates/01-pool/src/lib.rs"),
        ("test", "test it_takes_a_third"),
        ("url", "https://example.org/measured"),
    ] {
        passes(
            &format!("within-{name}"),
            &format!("It takes 135 ns <!-- from: {source} --> here.\n"),
        );
        passes(
            &format!("below-{name}"),
            &format!("It takes 135 ns.\n<!-- from: {source} -->\n"),
        );
        passes(
            &format!("above-{name}"),
            &format!("<!-- from: {source} -->\nIt takes 135 ns.\n"),
        );
        let table = format!("| a | b |\n|---|---|\n| c | 135 ns <!-- from: {source} --> |\n");
        passes(&format!("table-{name}"), &table);
        let apart = format!("It takes 135 ns.\n\n<!-- from: {source} -->\n");
        fails(
            &format!("apart-{name}"),
            &apart,
            &["1: \"135 ns\" has no source"],
        );
    }
}

#[test]
fn a_source_that_does_not_exist_is_found() {
    for (index, (source, expected)) in [
        (
            "crates/01-pool/src/none.rs",
            "is neither a file of the repository",
        ),
        (
            "test it_takes_a_half",
            "there is no test `it_takes_a_half` under crates/",
        ),
        ("somebody", "is neither a file of the repository"),
        (
            "crates/01-pool/benches/crash.txt",
            "\"135 ns\" is not in crates/01-pool/benches/crash.txt",
        ),
    ]
    .iter()
    .enumerate()
    {
        let page = format!("It takes 135 ns <!-- from: {source} --> here.\n");
        fails(&format!("no-source-{index}"), &page, &[expected]);
    }
}

#[test]
fn a_source_in_a_caption_replaces_its_file() {
    let sourced = |figure: &str| {
        caption(&format!(
            "It takes {figure}. <!-- from: crates/01-pool/benches/crash.txt -->"
        ))
    };
    passes("replaced", &sourced("3 ms"));
    fails(
        "replaced-bad",
        &sourced("15.9 ns"),
        &["\"15.9 ns\" is not in crates/01-pool/benches/crash.txt"],
    );
}
