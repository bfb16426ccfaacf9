//! Bar charts: the pictures, and the errors for bad data.

use diagram::{Bars, Measurement};
use expect_test::expect;

fn bars(unit: &str, rows: impl IntoIterator<Item = Measurement>) -> Bars {
    Bars {
        unit: unit.to_owned(),
        rows: rows.into_iter().collect(),
        ..Bars::default()
    }
}

#[test]
fn measurements_show_three_digits_and_their_spread() {
    let picture = Bars {
        title: Some("One increment, two threads".into()),
        baseline: Some(0),
        notes: vec!["cargo bench -p atomics".into()],
        ..bars(
            "ns",
            [
                Measurement::new("Mutex", 145.21).between(139.0, 150.4),
                Measurement::new("AtomicU64, Relaxed", 48.4).between(48.1, 49.0),
                Measurement::new("counter/thread", 1.234),
                Measurement {
                    high: Some(0.5),
                    ..Measurement::new("nothing", 0.0)
                },
                Measurement::new("a system call", 9_999.6),
            ],
        )
    };
    expect![[r#"
        One increment, two threads

        Mutex                ▏                          145 ns  (139 to 150)       1.00×
        AtomicU64, Relaxed   ▏                         48.4 ns  (48.1 to 49.0)     0.33×
        counter/thread       ▏                         1.23 ns                  0.00850×
        nothing                                           0 ns  (0 to 0.500)       0.00×
        a system call        ▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆   10,000 ns                     68.9×
        cargo bench -p atomics
    "#]]
    .assert_eq(&picture.to_string());
}

#[test]
fn counts_are_printed_in_full() {
    let picture = bars(
        "runs",
        [
            Measurement::new("2 threads of 2", 330.0),
            Measurement::new("2 threads of 3", 4_431.0),
            Measurement::new("3 of 1", 1_006_225.0),
        ],
    );
    expect![[r#"
        2 threads of 2   ▏                                                330 runs
        2 threads of 3   ▏                                              4,431 runs
        3 of 1           ▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆   1,006,225 runs
    "#]]
    .assert_eq(&picture.to_string());
}

#[test]
fn numbers_of_every_size_are_readable() {
    let values = [
        0.0,
        1e-300,
        0.000_123_45,
        0.009_996,
        0.5,
        9.996,
        99.96,
        999.6,
        1e6 + 0.5,
        1.5e15,
        1e300,
    ];
    let rows = values.map(|value| Measurement::new(format!("{value:e}"), value));
    expect![[r#"
        0e0                                                              0 s
        1e-300        ▏                                          1.00e-300 s
        1.2345e-4     ▏                                           0.000123 s
        9.996e-3      ▏                                             0.0100 s
        5e-1          ▏                                              0.500 s
        9.996e0       ▏                                               10.0 s
        9.996e1       ▏                                                100 s
        9.996e2       ▏                                              1,000 s
        1.0000005e6   ▏                                          1,000,000 s
        1.5e15        ▏                                            1.50e15 s
        1e300         ▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆    1.00e300 s
    "#]]
    .assert_eq(&bars("s", rows).to_string());
}

#[test]
fn bars_adapt_to_the_width() {
    let picture = bars(
        "",
        [Measurement::new("one", 1.0), Measurement::new("three", 3.0)],
    );
    let mut pictures = String::new();
    for width in [20, 40, 120] {
        pictures += &picture.text(width).unwrap();
    }
    expect![[r#"
        one     ▆▆▆        1
        three   ▆▆▆▆▆▆▆▆   3
        one     ▆▆▆▆▆▆▆                1
        three   ▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆   3
        one     ▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆                                           1
        three   ▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆   3
    "#]]
    .assert_eq(&pictures);
    assert!(picture.text(19).is_err());
    assert_eq!(
        picture.text(usize::MAX).unwrap(),
        picture.text(1_000).unwrap()
    );
}

#[test]
fn bad_data_gives_an_error() {
    let mut messages = String::new();
    let mut fails = |picture: Bars| {
        let error = picture.text(80).unwrap_err();
        assert_eq!(picture.to_string(), format!("{error}\n"));
        messages += &format!("{error}\n");
    };
    fails(Bars::default());
    for value in [-1.0, f64::INFINITY, f64::NAN] {
        fails(bars("ns", [Measurement::new("x", value)]));
        fails(bars(
            "ns",
            [Measurement {
                low: Some(value),
                ..Measurement::new("x", 1.0)
            }],
        ));
    }
    fails(bars("ns", [Measurement::new("x", 1.0).between(2.0, 3.0)]));
    fails(bars("ns", [Measurement::new("x", 4.0).between(2.0, 3.0)]));
    fails(bars("ns", [Measurement::new("x", 4.0).between(3.0, 2.0)]));
    fails(bars("n\ns", [Measurement::new("x", 1.0)]));
    fails(bars("ns", [Measurement::new("\n", 1.0)]));
    fails(bars("ns", [Measurement::new("x".repeat(70), 1.0)]));
    fails(Bars {
        baseline: Some(1),
        ..bars("ns", [Measurement::new("x", 1.0)])
    });
    fails(Bars {
        baseline: Some(0),
        ..bars("ns", [Measurement::new("x", 0.0)])
    });
    fails(Bars {
        baseline: Some(0),
        ..bars(
            "ns",
            [Measurement::new("x", 1e-300), Measurement::new("y", 1e300)],
        )
    });
    expect![[r#"
        the picture has no rows; add at least one
        row "x": a number is -1, but must be finite and not negative
        row "x": a number is -1, but must be finite and not negative
        row "x": a number is inf, but must be finite and not negative
        row "x": a number is inf, but must be finite and not negative
        row "x": a number is NaN, but must be finite and not negative
        row "x": a number is NaN, but must be finite and not negative
        row "x": the value 1 is outside its spread, 2 to 3
        row "x": the value 4 is outside its spread, 2 to 3
        row "x": the value 4 is outside its spread, 3 to 2
        the label "n\ns" contains '\n'; a label must be a single line of plain text
        the label "\n" contains '\n'; a label must be a single line of plain text
        80 cells have no room for bars beside 70 cells of labels and 4 cells of numbers; use shorter text or a wider picture
        the baseline is row 1, but the last row is 0
        row "x" has no ratio to the baseline, which is too close to 0
        row "y" has no ratio to the baseline, which is too close to 0
    "#]].assert_eq(&messages);
}
