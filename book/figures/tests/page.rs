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
        "data-from=\"01-pool/sweep\" data-names=\"limit, durations\" data-picture=\"window\"",
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
fn the_first_race_is_embedded_and_the_others_name_their_scripts() {
    let goal = picture("07-atomics/diagrams/lost-update.txt")
        .replace("shows.*", "shows.*\n<!-- goal: Lose \"one\". -->");
    let fixed = picture("07-atomics/diagrams/counter.txt");
    let page = fixed + &goal + &picture("07-atomics/diagrams/check-then-act.txt");
    let made = made(&page);
    assert_eq!(made.matches("class=\"executions\">{").count(), 1);
    assert!(made.contains("\"picture\":{\"verdict\":\"should be 2\"}"));
    assert!(made.contains("src/lost_update.rs"));
    for slot in [
        "data-from=\"07-atomics/counter\" data-executions=\"2\" data-failing=\"0\" hidden",
        "data-from=\"07-atomics/lost-update\" data-executions=\"8\" data-failing=\"6\" \
         data-goal=\"Lose &quot;one&quot;.\" data-open hidden",
        "data-from=\"07-atomics/check-then-act\" data-executions=\"8\" data-failing=\"6\" hidden",
    ] {
        assert!(made.contains(slot), "{slot}\n\nis not in\n\n{made}");
    }
    assert!(!made.contains("goal:"));
    let timing = self::made(&picture("01-pool/diagrams/window.txt"));
    assert!(!timing.contains("class=\"explore\""));
}

#[test]
fn a_step_has_its_line_and_the_variable_that_it_sets() {
    let race = embedded("01-pool", "doubled-claim");
    let listing = &race["listings"][0];
    assert_eq!(listing["file"], "crates/01-pool/src/doubled_claim.rs");
    let load = &race["operations"][0];
    assert_eq!(load["sets"], "claimed");
    let line = &listing["lines"][load["line"].as_u64().unwrap() as usize];
    assert_eq!(line[1], "    let claimed = self.next.load(Relaxed);");
    // The queue's functions are the kernel's, and the model's own accesses come last.
    let computation = embedded("06-sync-map", "doubled-computation");
    let files = computation["listings"].as_array().unwrap().iter();
    let files: Vec<_> = files.map(|it| it["file"].as_str().unwrap()).collect();
    assert_eq!(
        files,
        [
            "crates/06-sync-map/src/doubled_computation.rs",
            "crates/06-sync-map/src/models/programs.rs"
        ]
    );
}

/// The data that a page embeds of its only race.
fn embedded(folder: &str, name: &str) -> serde_json::Value {
    let race = made(&picture(&format!("{folder}/diagrams/{name}.txt")));
    let (_, embedded) = race.split_once("class=\"executions\">").unwrap();
    let (embedded, _) = embedded.split_once("</script>").unwrap();
    serde_json::from_str(embedded).unwrap()
}

#[test]
fn a_race_embeds_every_step_of_its_executions() {
    let embedded = embedded("01-pool", "lost-wake-up");
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
fn a_prediction_has_its_answer_from_the_recording() {
    let ask = "{{#predict outcomes ../../crates/01-pool/diagrams/doubled-claim.json}}\n- *claimed items 2 and 2*: \
               Nobody\n  loads `1`.\n\n";
    let page = format!(
        "Which?\n\n{ask}{}",
        picture("01-pool/diagrams/doubled-claim.txt")
    );
    let asked = made(&page);
    for part in [
        "<li>claimed items 1 and 1</li><li>claimed items 1 and 2</li><li>claimed items 2 and 2</li></ul>",
        "<li>claimed items 1 and 1: 6 of the executions ×</li>",
        "<li>claimed items 2 and 2: no execution. Nobody loads <code>1</code>.</li>",
        "\"figure\":\"figure-01-pool-doubled-claim\"",
    ] {
        assert!(asked.contains(part), "{part}\n\nis not in\n\n{asked}");
    }
    let folded = page
        .replace(".*\n\nAfter", ".*\n")
        .replace("`1`.\n\n", "`1`.\n\n<details>\n");
    assert!(!made(&folded).contains("The answer"));
    let failing = page
        .replace("outcomes ", "failing ")
        .replace("- *claimed items 2 and 2*: ", "");
    assert!(made(&failing).contains("<p>6 of the 8 executions fail.</p>"));

    let window = picture("01-pool/diagrams/window.txt");
    let first = format!(
        "{{{{#predict first ../../crates/01-pool/diagrams/sweep.json 2 / 20 to 180 ms}}}}\n\n{window}"
    );
    assert!(made(&first).contains("<li>unlimited: 180 ms, the first</li>"));
}

#[test]
fn a_prediction_that_does_not_fit_its_recording_is_refused() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../src");
    let race = picture("01-pool/diagrams/doubled-claim.txt");
    let path = "../../crates/01-pool/diagrams";
    for (ask, below, expected) in [
        (
            "outcomes",
            "- *claimed items 1 and 2*: No.",
            "has executions with the outcome",
        ),
        (
            "outcomes",
            "- claimed items 2 and 2",
            "has a near miss that isn't",
        ),
        ("never", "", "needs `outcomes PATH`"),
    ] {
        let ask = format!("{{{{#predict {ask} {path}/doubled-claim.json}}}}\n{below}\n\n{race}");
        let error = page(&ask, &folder).unwrap_err();
        assert!(error.contains(expected), "{expected}: {error}");
    }
    for (ask, expected) in [
        (
            "outcomes {path}/lost-wake-up.json",
            "none of its pictures is on the page",
        ),
        ("first {path}/sweep.json 2", "has 2 sliders"),
        ("first {path}/sweep.json 2 / 7 ms", "is no setting of"),
    ] {
        let ask = format!("{{{{#predict {}}}}}\n\n{race}", ask.replace("{path}", path));
        let error = page(&ask, &folder).unwrap_err();
        assert!(error.contains(expected), "{expected}: {error}");
    }
}

#[test]
fn a_choice_names_its_script() {
    let choice = made(&picture("09-comparison/diagrams/choice.txt"));
    assert!(choice.contains(
        "<span class=\"choose\" data-from=\"09-comparison/choice-runs\" data-names=\"durations, limit, items\" hidden>"
    ));
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
