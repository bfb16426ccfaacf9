//! Gantt charts: the pictures, and the errors for bad data.

use diagram::{Bar, End, Error, Gantt, Row};
use expect_test::{Expect, expect};

fn row(label: &str, bars: impl IntoIterator<Item = Bar>) -> Row {
    Row::Bars {
        label: label.to_owned(),
        bars: bars.into_iter().collect(),
    }
}

fn chart(rows: impl IntoIterator<Item = Row>) -> Gantt {
    Gantt {
        rows: rows.into_iter().collect(),
        ..Gantt::default()
    }
}

fn named(label: &str, start_ms: f64, end_ms: f64) -> Bar {
    Bar {
        start_ms,
        end_ms,
        end: End::Finished,
        label: Some(label.to_owned()),
    }
}

fn drawn(chart: &Gantt, picture: Expect) {
    picture.assert_eq(&chart.to_string());
}

#[test]
fn a_bar_that_starts_when_another_ends_starts_in_the_next_cell() {
    let chart = Gantt {
        title: Some("Two batches".into()),
        rows: vec![
            Row::Heading("Batch 1 (size=3):".into()),
            row("  Item 1", [Bar::finished(0.0, 100.0)]),
            row("  Item 2", [Bar::finished(0.0, 100.0)]),
            row("  Item 3", [Bar::cut_off(0.0, 50.0)]),
            Row::Heading("↓ wait for batch".into()),
            Row::Heading("Batch 2 (size=2):".into()),
            row("  Item 4", [Bar::finished(100.0, 200.0)]),
            row("  Item 5", [Bar::unfinished(100.0, 200.0)]),
        ],
        notes: vec!["The batch waits for its slowest item.".into()],
    };
    drawn(
        &chart,
        expect![[r#"
        Two batches

        Time →     0ms            50ms           100ms          150ms          200ms
        Batch 1 (size=3):
          Item 1   [▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆]
          Item 2   [▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆]
          Item 3   [▆▆▆▆▆▆▆▆▆▆▆▆▆×
        ↓ wait for batch
        Batch 2 (size=2):
          Item 4                                 [▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆]
          Item 5                                 [▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆→
        Total: 200ms
        The batch waits for its slowest item.
    "#]],
    );
}

#[test]
fn a_label_is_drawn_inside_its_bar_if_it_fits() {
    let chart = chart([
        row(
            "worker 1",
            [
                named("C1", 0.0, 2e3),
                named("C3", 2e3, 4e3),
                named("C5", 4e3, 4.5e3),
            ],
        ),
        row(
            "worker 2",
            [named("four cells", 0.0, 1e3), named("日本", 1e3, 3e3)],
        ),
        row(
            "worker 3",
            [named("e\u{301}", 0.0, 5e3), named("", 5e3, 6e3)],
        ),
    ]);
    drawn(
        &chart,
        expect![[r#"
        Time →     0s        1s        2s        3s        4s        5s        6s
        worker 1   [▆▆▆▆▆▆▆ C1 ▆▆▆▆▆▆▆][▆▆▆▆▆▆▆ C3 ▆▆▆▆▆▆▆][C5 ]
        worker 2   [▆▆▆▆▆▆▆▆][▆▆▆▆▆▆ 日本 ▆▆▆▆▆▆]
        worker 3   [▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆ é ▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆][▆▆▆▆▆▆▆▆]
        Total: 6s
    "#]],
    );
}

#[test]
fn the_middle_of_a_long_chart_can_be_elided() {
    let rows = (1..=1000).map(|item| {
        let start = f64::from((item - 1) / 10) * 50.0;
        row(
            &format!("Item {item}"),
            [Bar::finished(start, start + 50.0)],
        )
    });
    let chart = chart(rows);
    assert_eq!(chart.peak(), 10);
    drawn(
        &chart.elide(3, 1),
        expect![[r#"
        Time →      0s          1s          2s          3s          4s          5s
        Item 1      ▌
        Item 2      ▌
        Item 3      ▌
        … 996 more
        Item 1000                                                              ▌
        Total: 5s
    "#]],
    );
}

#[test]
fn eliding_rows_keeps_the_total() {
    let rows: Vec<Row> = [5.0, 7.0, 90.0, 6.0, 4.0, 3.0, 2.0]
        .iter()
        .enumerate()
        .map(|(item, end)| row(&format!("Item {item}"), [Bar::finished(0.0, *end)]))
        .collect();
    let full = chart(rows);
    let elided = full.clone().elide(1, 1);
    assert_eq!(elided.total_ms(), full.total_ms());
    drawn(
        &elided,
        expect![[r#"
        Time →   0ms          20ms         40ms         60ms         80ms
        Item 0   [▆]
        … 1 more
        Item 2   [▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆]
        … 3 more
        Item 6   ▌
        Total: 90ms
    "#]],
    );
    assert_eq!(full.clone().elide(4, 3), full);
    assert_eq!(full.clone().elide(usize::MAX, usize::MAX), full);
    assert_eq!(full.clone().elide(0, 0).rows[0], Row::Elided(2));
}

#[test]
fn a_heading_is_kept_with_the_row_below_it() {
    let chart = chart([
        Row::Heading("Batch 1".into()),
        row("a", [Bar::finished(0.0, 1.0)]),
        Row::Heading("Batch 2".into()),
        row("b", [Bar::finished(1.0, 2.0)]),
        Row::Elided(7),
        Row::Heading("Batch 3".into()),
        row("c", [Bar::finished(2.0, 3.0)]),
    ]);
    let Gantt { rows, .. } = chart.elide(1, 1);
    assert_eq!(rows[2], Row::Elided(8));
    assert_eq!(rows[3], Row::Heading("Batch 3".into()));
    assert_eq!(rows.len(), 5);
}

#[test]
fn short_bars_are_visible_and_bars_that_share_a_cell_are_counted() {
    let instants =
        (0..12).map(|n| Bar::finished(5.0 + f64::from(n) / 1e3, 5.0 + f64::from(n) / 1e3));
    let chart = chart([
        row(
            "alone",
            [
                Bar::finished(0.0, 0.0),
                Bar::cut_off(50.0, 50.1),
                Bar::unfinished(100.0, 100.0),
            ],
        ),
        row(
            "touching",
            [Bar::finished(0.0, 50.0), Bar::finished(50.0, 50.0)],
        ),
        row(
            "sharing",
            [Bar::finished(49.9, 50.0), Bar::finished(50.0, 100.0)],
        ),
        row("many", instants),
    ]);
    drawn(
        &chart,
        expect![[r#"
            Time →     0ms         20ms        40ms        60ms        80ms        100ms
            alone      ▌                             ×                             →
            touching   [▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆]▌
            sharing                                  2▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆]
            many          +
            Total: 100ms
            A digit is the number of bars that share that cell; + means 10 or more.
        "#]],
    );
}

#[test]
fn the_axis_chooses_its_unit() {
    let with_total = |total: f64| chart([row("x", [Bar::finished(0.0, total)])]).to_string();
    let mut axes = String::new();
    for total in [
        0.0, 0.0005, 0.03, 0.9, 1.0, 7.0, 650.0, 1_500.0, 5_000.0, 100_000.0, 1e12,
    ] {
        let text = with_total(total);
        let lines: Vec<&str> = text.lines().collect();
        axes += &format!("{}\n{}\n", lines[0], lines[2]);
    }
    expect![[r#"
        Time →   0ms
        Total: 0ms
        Time →   0µs         0.1µs       0.2µs       0.3µs       0.4µs       0.5µs
        Total: 0.5µs
        Time →   0µs       5µs       10µs      15µs      20µs      25µs      30µs
        Total: 30µs
        Time →   0µs         200µs       400µs       600µs       800µs
        Total: 900µs
        Time →   0ms         0.2ms       0.4ms       0.6ms       0.8ms       1.0ms
        Total: 1ms
        Time →   0ms     1ms     2ms     3ms     4ms     5ms     6ms     7ms
        Total: 7ms
        Time →   0ms     100ms   200ms   300ms   400ms   500ms   600ms
        Total: 650ms
        Time →   0ms                 500ms               1000ms              1500ms
        Total: 1500ms
        Time →   0s          1s          2s          3s          4s          5s
        Total: 5s
        Time →   0s          20s         40s         60s         80s         100s
        Total: 100s
        Time →   0s                            500000000s                    1000000000s
        Total: 1000000000s
    "#]]
    .assert_eq(&axes);
}

#[test]
fn a_chart_adapts_to_the_width() {
    let chart = chart([
        row("Item 1", [Bar::finished(0.0, 100.0)]),
        row("Item 2", [Bar::finished(100.0, 250.0)]),
    ]);
    let mut pictures = String::new();
    for width in [25, 40, 120] {
        pictures += &chart.text(width).unwrap();
    }
    expect![[r#"
        Time →   0ms     200ms
        Item 1   [▆▆]
        Item 2       [▆▆▆▆]
        Total: 250ms
        Time →   0ms       100ms     200ms
        Item 1   [▆▆▆▆▆▆▆▆]
        Item 2             [▆▆▆▆▆▆▆▆▆▆▆▆▆]
        Total: 250ms
        Time →   0ms               50ms              100ms             150ms             200ms             250ms
        Item 1   [▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆]
        Item 2                                       [▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆]
        Total: 250ms
    "#]].assert_eq(&pictures);
    assert!(chart.text(24).is_err());
    assert_eq!(chart.text(usize::MAX).unwrap(), chart.text(1_000).unwrap());
}

#[test]
fn the_peak_counts_the_bars_in_flight() {
    assert_eq!(Gantt::default().peak(), 0);
    let one_after_another = [
        Bar::finished(0.0, 1.0),
        Bar::finished(1.0, 2.0),
        Bar::finished(2.0, 3.0),
    ];
    assert_eq!(
        chart(one_after_another.map(|bar| row("x", [bar]))).peak(),
        1
    );
    let nested = [
        Bar::finished(0.0, 9.0),
        Bar::finished(1.0, 2.0),
        Bar::cut_off(1.5, 9.0),
    ];
    assert_eq!(chart(nested.map(|bar| row("x", [bar]))).peak(), 3);
    assert_eq!(chart([row("x", [Bar::finished(1.0, 1.0)])]).peak(), 0);
    // Invalid times don't cause a panic.
    assert_eq!(chart([row("x", [Bar::finished(f64::NAN, 1.0)])]).peak(), 0);
}

#[test]
fn bad_data_gives_an_error() {
    let mut messages = String::new();
    let mut fails = |chart: Gantt| {
        let error = chart.text(80).unwrap_err();
        assert_eq!(chart.to_string(), format!("{error}\n"));
        assert!(chart.svg(diagram::Theme::Light).is_err());
        assert!(chart.check().is_err());
        messages += &format!("{error}\n");
    };
    fails(Gantt::default());
    fails(chart([Row::Heading("nothing".into())]));
    for value in [-1.0, f64::INFINITY, f64::NAN] {
        fails(chart([row("x", [Bar::finished(value, 1.0)])]));
        fails(chart([row("x", [Bar::finished(0.0, value)])]));
    }
    fails(chart([row("x", [Bar::finished(2.0, 1.0)])]));
    fails(chart([row(
        "x",
        [Bar::finished(3.0, 5.0), Bar::finished(0.0, 4.0)],
    )]));
    fails(chart([row("two\nlines", [])]));
    fails(chart([row("x", [named("a\tb", 0.0, 1.0)])]));
    fails(chart([
        Row::Heading("\u{202E}backwards".into()),
        row("x", []),
    ]));
    fails(Gantt {
        title: Some("\u{1b}[31mred".into()),
        ..chart([row("x", [])])
    });
    fails(Gantt {
        notes: vec!["\0".into()],
        ..chart([row("x", [])])
    });
    expect![[r#"
        the picture has no rows; add at least one
        the picture has no rows; add at least one
        row "x": a bar's start is -1, but must be finite and not negative
        row "x": a bar's end is -1, but must be finite and not negative
        row "x": a bar's start is inf, but must be finite and not negative
        row "x": a bar's end is inf, but must be finite and not negative
        row "x": a bar's start is NaN, but must be finite and not negative
        row "x": a bar's end is NaN, but must be finite and not negative
        row "x": a bar ends at 1ms, before its start at 2ms
        row "x": a bar starts at 3ms, before the previous bar ends at 4ms; put one of them in another row
        the label "two\nlines" contains '\n'; a label must be a single line of plain text
        the label "a\tb" contains '\t'; a label must be a single line of plain text
        the label "\u{202e}backwards" contains '\u{202e}'; a label must be a single line of plain text
        the label "\u{1b}[31mred" contains '\u{1b}'; a label must be a single line of plain text
        the label "\0" contains '\0'; a label must be a single line of plain text
    "#]]
    .assert_eq(&messages);
}

#[test]
fn the_error_names_what_does_not_fit() {
    let error = |chart: Gantt| chart.text(80).unwrap_err();
    let label = "a label that is far too long to leave any room for the bars beside it";
    let long = error(chart([row(label, [Bar::finished(0.0, 1.0)])]));
    assert!(
        matches!(&long, Error::NoRoom { what, width: 80 } if what.contains(label)),
        "{long}"
    );
    let late = error(chart([row("x", [Bar::finished(0.0, 1e300)])]));
    expect![
        "80 cells have no room for a time axis up to 1e300ms; use shorter text or a wider picture"
    ]
    .assert_eq(&late.to_string());
}

#[test]
fn long_text_around_the_chart_is_broken() {
    let text = "Every item took as long as the slowest item of its own batch.";
    let chart = Gantt {
        title: Some(text.into()),
        rows: vec![
            Row::Heading(text.into()),
            row("Item", [Bar::finished(0.0, 10.0)]),
        ],
        notes: vec![format!("{text}{}", "!".repeat(40))],
    };
    expect![[r#"
        Every item took as long as the slowest
        item of its own batch.

        Time →   0ms          5ms          10ms
        Every item took as long as the slowest
        item of its own batch.
        Item     [▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆]
        Total: 10ms
        Every item took as long as the slowest
        item of its own
        batch.!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!
        !!!!!!
    "#]]
    .assert_eq(&chart.text(40).unwrap());
}
