//! The preprocessor, on small pages.

use std::fs;
use std::path::Path;

use book_figures::page;
use diagram::{Meaning, Theme};
use interleave::Recording;

fn made(content: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../src");
    page(content, &folder).unwrap()
}

fn picture(path: &str) -> String {
    format!(
        "Before.\n\n```text\n{{{{#include ../../crates/{path}}}}}\n```\n\n*What it\nshows.*\n\nAfter.\n"
    )
}

#[test]
fn a_picture_and_its_caption_become_a_figure() {
    let made = made(&picture("01-pool/diagrams/window.txt"));
    for part in [
        "Before.\n\n<figure class=\"picture\" id=\"figure-01-pool-window\">\n\n<pre><code class=\"language-text\">",
        "Item 2   <span class=\"work\">[▆▆▆",
        "</code></pre>\n\n<figcaption>\n\n*What it\nshows.*\n\n</figcaption>\n",
        "<li>Item 4: 100ms to 200ms</li>",
        "href=\"diagrams/01-pool/window.svg\" download",
        "data-sweep=\"01-pool-sweep\" data-picture=\"window\"",
        "</figure>\n\nAfter.\n",
    ] {
        assert!(made.contains(part), "{part}\n\nis not in\n\n{made}");
    }
}

#[test]
fn a_comment_below_a_caption_belongs_to_it() {
    let page =
        picture("02-fan-out/diagrams/tail.txt").replace("shows.*", "shows.*\n<!-- from: a -->");
    let made = made(&page);
    assert!(
        made.contains("*What it\nshows.*\n<!-- from: a -->\n\n</figcaption>\n"),
        "{made}"
    );
    assert!(made.contains("tail.svg\" download"), "{made}");
}

#[test]
fn boxes_are_described_in_words_and_a_text_is_not() {
    let flow = made(&picture("05-sse/diagrams/broadcast.txt"));
    for part in [
        "<li>For each client: try_send leads to Queued for 2 of 3 clients. Inside: ",
        "; Client 3: there was room ✓ the event is queued</li>",
    ] {
        assert!(flow.contains(part), "{part}\n\nis not in\n\n{flow}");
    }
    let text = made(&picture("07-atomics/diagrams/outcomes.txt"));
    assert!(
        text.contains("picture-tools") && !text.contains("in-words"),
        "{text}"
    );
}

#[test]
fn a_race_embeds_its_executions() {
    let race = made(&picture("07-atomics/diagrams/lost-update.txt"));
    assert!(race.contains("class=\"executions\">{"));
    assert!(race.contains("\"picture\":{\"verdict\":\"should be 2\"}"));
    assert!(!race.contains("lost_update.rs:"));
    assert!(!race.contains("class=\"sweep\""));
    let timing = made(&picture("01-pool/diagrams/window.txt"));
    assert!(!timing.contains("class=\"executions\""));
}

#[test]
fn a_race_embeds_every_step_of_its_executions() {
    let race = made(&picture("01-pool/diagrams/lost-wake-up.txt"));
    let (_, embedded) = race.split_once("class=\"executions\">").unwrap();
    let (embedded, _) = embedded.split_once("</script>").unwrap();
    let embedded: serde_json::Value = serde_json::from_str(embedded).unwrap();
    let json = fs::read_to_string("../../crates/01-pool/diagrams/lost-wake-up.json").unwrap();
    let recording: Recording = serde_json::from_str(&json).unwrap();
    let mut steps: Vec<usize> = Vec::new();
    let packed = embedded["executions"].as_array().unwrap();
    assert_eq!(packed.len(), recording.executions.len());
    for (packed, execution) in packed.iter().zip(&recording.executions) {
        let numbers = packed.as_str().unwrap().chars();
        let mut numbers = numbers.map(|number| number as usize - '?' as usize);
        steps.truncate(numbers.next().unwrap());
        steps.extend(numbers);
        let end = &embedded["ends"][steps.pop().unwrap()];
        assert_eq!(steps, execution.steps);
        assert_eq!(end["result"], execution.result.as_str());
        assert_eq!(end["fails"], execution.fails);
    }
}

#[test]
fn a_sweep_is_embedded_once_for_all_its_pictures() {
    let both = picture("05-sse/diagrams/blocking.txt") + &picture("05-sse/diagrams/broker.txt");
    let made = made(&both);
    assert_eq!(made.matches("class=\"sweep\"").count(), 1);
    assert_eq!(made.matches("class=\"slide\"").count(), 2);
}

#[test]
fn a_choice_embeds_its_runs() {
    let choice = made(&picture("09-comparison/diagrams/choice.txt"));
    assert!(choice.contains("class=\"choices\">{\"advice\":{"));
    assert!(choice.contains("</script>\n<span class=\"choose\" hidden></span>"));
    let table = made(&picture("09-comparison/diagrams/table.txt"));
    assert!(!table.contains("class=\"choose\""));
}

#[test]
fn a_measurement_is_a_figure_without_data() {
    let made = made(&picture("01-pool/benches/results.txt"));
    assert!(made.contains("<figure class=\"picture\" id=\"figure-results\">"));
    assert!(!made.contains("picture-tools"));
}

#[test]
fn a_listing_gets_its_command_and_a_typed_block_does_not() {
    let listing = "```rust\n{{#include ../../crates/01-pool/src/window.rs:run}}\n```\n\n*From `crates/01-pool/src/window.rs`.*\n";
    let with = made(listing);
    assert!(with.starts_with(listing));
    assert!(with.contains("<code>cargo test -p pool</code>"));

    let typed = "```console\n$ cargo test -p pool\n```\n\n*Typed.*\n";
    assert_eq!(made(typed), typed);
}

#[test]
fn go_and_rust_share_an_element() {
    let page =
        "# Page\n\n## In Go\n\nGo.\n\n### More\n\n## In Rust\n\nRust.\n\n## The race\n\nRace.\n";
    let both = made(page);
    let wanted = "# Page\n\n<div class=\"go-and-rust\"><div>\n\n## In Go\n\nGo.\n\n### More\n\n\n</div><div>\n\n\
                  ## In Rust\n\nRust.\n\n\n</div></div>\n\n## The race\n\nRace.\n";
    assert_eq!(both, wanted);
    let alone = "## In Go\n\nGo.\n\n## The race\n\nRace.\n";
    assert_eq!(made(alone), alone);
}

#[test]
fn a_missing_file_is_named() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../src");
    let error = page(&picture("01-pool/diagrams/nothing.txt"), &folder).unwrap_err();
    assert!(error.contains("nothing.txt"), "{error}");
}

#[test]
fn a_block_neither_begins_nor_ends_with_a_blank_line() {
    let page = "Before.\n\n```go\n\n// Comment.\n\nfunc run() {}\n\n```\n\nAfter.\n\n````markdown\n```\n\n```\n````\n";
    let wanted = "Before.\n\n```go\n// Comment.\n\nfunc run() {}\n```\n\nAfter.\n\n````markdown\n```\n\n```\n````\n";
    assert_eq!(book_figures::trimmed(page), wanted);
}

#[test]
fn a_listing_loses_the_indentation_that_its_lines_share() {
    let page = "```rust\n\n        fn f() {\n            g();\n\n        }\n```\n\n```go\n\t\tf()\n\t\t\tg()\n```\n";
    let wanted = "```rust\nfn f() {\n    g();\n\n}\n```\n\n```go\nf()\n\tg()\n```\n";
    assert_eq!(book_figures::trimmed(page), wanted);

    let in_a_list = "- Item:\n\n  ```rust\n      f();\n        g();\n  ```\n";
    let wanted = "- Item:\n\n  ```rust\n  f();\n    g();\n  ```\n";
    assert_eq!(book_figures::trimmed(in_a_list), wanted);

    for kept in [
        "```text\n    worker 1\n    load\n```\n",
        "```console\n  $ cargo test\n```\n",
        "```rust\nfn f() {\n    g();\n}\n```\n",
        "```rust\n    never closed\n",
    ] {
        let wanted = kept.replace("    never", "never");
        assert_eq!(book_figures::trimmed(kept), wanted);
    }
}

const INFO: &str = r#"
format_version = 1

[[exercises]]
name = "pool1"
hint = """
1. Read the picture.
2. Use one operation,
   not two.
3. `fetch_add` returns the value *before*."""

[[exercises]]
name = "bare"

[[exercises]]
name = "counted"
hint = """
1. One.
3. Three."""
"#;

#[test]
fn hints_are_read_without_their_numbers() {
    let wanted = [
        "Read the picture.",
        "Use one operation, not two.",
        "`fetch_add` returns the value *before*.",
    ];
    assert_eq!(book_figures::hints(INFO, "pool1").unwrap(), wanted);
}

#[test]
fn hints_without_numbers_are_errors() {
    for (info, exercise, wanted) in [
        (
            INFO,
            "pool9",
            "no exercise named `pool9`; it has pool1, bare, counted",
        ),
        (INFO, "bare", "has no hints for `bare`"),
        (INFO, "counted", "doesn't begin with `2. `: 3. Three."),
        ("exercises = 1", "pool1", "isn't a TOML file of exercises"),
        ("[[exercises]", "pool1", "isn't a TOML file of exercises"),
        (
            "[[exercises]]\nname = \"a\"\nhint = \"  1. A\"",
            "a",
            "doesn't begin with `1. `",
        ),
        (
            "[[exercises]]\nname = \"a\"\nhint = \"1. \"",
            "a",
            "an empty hint 1",
        ),
    ] {
        let error = book_figures::hints(info, exercise).unwrap_err();
        assert!(error.contains(wanted), "{error}");
    }
}

#[test]
fn each_hint_becomes_a_fold() {
    let made = made("Before.\n\n{{#hints ../../crates/workshop/info.toml pool1}}\n\nAfter.\n");
    let start = "Before.\n\n<div class=\"hints\">\n<details>\n<summary>Hint 1</summary>\n\n";
    assert!(made.starts_with(start), "{made}");
    let ends = made.ends_with("\n\n</details>\n</div>\n\n\nAfter.\n");
    assert!(ends, "{made}");
    assert_eq!(made.matches("<details>").count(), 3);
    let info = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../crates/workshop/info.toml");
    let hints = book_figures::hints(&std::fs::read_to_string(info).unwrap(), "pool1").unwrap();
    assert!(made.contains(&format!("<summary>Hint 3</summary>\n\n{}\n\n", hints[2])));
}

#[test]
fn missing_hints_are_named() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../src");
    for (argument, wanted) in [
        (
            "../../crates/workshop/info.toml",
            "needs a path and an exercise",
        ),
        (
            "../../crates/workshop/info.toml pool1 pool2",
            "needs a path and an exercise",
        ),
        ("../../crates/workshop/none.toml pool1", "can't be read"),
        (
            "../../crates/workshop/info.toml pool99",
            "no exercise named `pool99`",
        ),
    ] {
        let error = page(&format!("{{{{#hints {argument}}}}}\n"), &folder).unwrap_err();
        assert!(
            error.contains(wanted) && error.contains(argument),
            "{error}"
        );
    }
}

/// Returns the text of the first block of HTML, as a browser reads it.
fn text_of(made: &str) -> String {
    let (_, rest) = made.split_once("<code class=\"language-text\">").unwrap();
    let (code, _) = rest.split_once("</code>").unwrap();
    let mut text = String::new();
    for (index, piece) in code.split('<').enumerate() {
        let shown = match index {
            0 => piece,
            _ => piece.split_once('>').unwrap().1,
        };
        text.push_str(shown);
    }
    let text = text.replace("&lt;", "<").replace("&gt;", ">");
    text.replace("&amp;", "&")
}

#[test]
fn colours_leave_every_picture_of_the_book_as_it_is() {
    let mut pictures = 0;
    for folder in fs::read_dir("../../crates").unwrap() {
        let folder = folder.unwrap();
        let Ok(files) = fs::read_dir(folder.path().join("diagrams")) else {
            continue;
        };
        for file in files {
            let path = file.unwrap().path();
            if path.extension().is_none_or(|extension| extension != "txt") {
                continue;
            }
            let name = path.file_name().unwrap().to_str().unwrap();
            let crate_name = folder.file_name();
            let made = made(&picture(&format!(
                "{}/diagrams/{name}",
                crate_name.to_str().unwrap()
            )));
            let file = fs::read_to_string(&path).unwrap();
            if made.contains("```text") {
                // No bar, box or verdict in it.
                assert!(!file.contains(['▆', '─', '✓']), "{}", path.display());
            } else {
                assert_eq!(text_of(&made), file, "{}", path.display());
                pictures += 1;
            }
        }
    }
    assert!(pictures > 0);
}

#[test]
fn a_part_has_the_class_of_what_it_stands_for() {
    let race = made(&picture("07-atomics/diagrams/stale-publication.txt"));
    for part in [
        "<span class=\"thread1\">value.store(42, Relaxed)</span>",
        "<span class=\"thread2\">value.load(Relaxed)      → 0</span>  <span class=\"stale\">stale</span>",
        "Result: the reader got 0  <span class=\"failure\">× should be 42, or nothing yet</span>",
    ] {
        assert!(race.contains(part), "{part}\n\nis not in\n\n{race}");
    }
    let outcomes = made(&picture("01-pool/diagrams/doubled-claim-outcomes.txt"));
    assert!(outcomes.contains("claimed items 1 and 1  <span class=\"failure\">×</span>  in"));
    let measured = made(&picture("01-pool/benches/results.txt"));
    assert!(
        measured.contains("batches            <span class=\"work\">▆▆"),
        "{measured}"
    );
}

#[test]
fn the_page_has_the_colours_of_the_svg_files() {
    let css = fs::read_to_string("../theme/colour.css").unwrap();
    let blocks: Vec<&str> = css
        .split('{')
        .filter(|block| block.contains("--work: #"))
        .collect();
    let [light, dark, paper] = blocks[..] else {
        panic!("not three blocks of colours: {blocks:?}");
    };
    for (block, theme) in [
        (light, Theme::Light),
        (dark, Theme::Dark),
        (paper, Theme::Light),
    ] {
        let mut meanings = vec![
            ("work".to_owned(), Meaning::Work),
            ("unfinished".to_owned(), Meaning::Unfinished),
            ("failure".to_owned(), Meaning::Failure),
            ("success".to_owned(), Meaning::Success),
            ("stale".to_owned(), Meaning::Stale),
            ("waiting".to_owned(), Meaning::Waiting),
            ("guide".to_owned(), Meaning::Guide),
        ];
        meanings
            .extend((0..4).map(|index| (format!("thread-{}", index + 1), Meaning::Thread(index))));
        for (name, meaning) in meanings {
            let rule = format!("--{name}: {};", theme.colour(meaning));
            assert!(block.contains(&rule), "{rule}\n\nis not in\n\n{block}");
        }
    }
}
