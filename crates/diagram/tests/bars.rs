//! How much of something: the pictures, and what is refused.

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
fn measurements_have_three_digits_and_their_spread() {
    let picture = Bars {
        title: Some("One increment, two threads".into()),
        baseline: Some(0),
        notes: vec!["cargo bench -p atomics".into()],
        ..bars(
            "ns",
            [
                Measurement::new("Mutex", 145.21).between(139.0, 150.4),
                Measurement::new("AtomicU64, Relaxed", 48.4).between(48.1, 49.0),
                Measurement::new("a counter a thread", 1.234),
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
        a counter a thread   ▏                         1.23 ns                  0.00850×
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
fn numbers_of_every_size_can_be_read() {
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
fn bars_can_be_drawn_narrower_and_wider() {
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
fn bad_data_is_refused() {
    let mut messages = String::new();
    let mut refuse = |picture: Bars| {
        let error = picture.text(80).unwrap_err();
        assert_eq!(picture.to_string(), format!("{error}\n"));
        messages += &format!("{error}\n");
    };
    refuse(Bars::default());
    for value in [-1.0, f64::INFINITY, f64::NAN] {
        refuse(bars("ns", [Measurement::new("x", value)]));
        refuse(bars(
            "ns",
            [Measurement {
                low: Some(value),
                ..Measurement::new("x", 1.0)
            }],
        ));
    }
    refuse(bars("ns", [Measurement::new("x", 1.0).between(2.0, 3.0)]));
    refuse(bars("ns", [Measurement::new("x", 4.0).between(2.0, 3.0)]));
    refuse(bars("ns", [Measurement::new("x", 4.0).between(3.0, 2.0)]));
    refuse(bars("n\ns", [Measurement::new("x", 1.0)]));
    refuse(bars("ns", [Measurement::new("\n", 1.0)]));
    refuse(bars("ns", [Measurement::new("x".repeat(70), 1.0)]));
    refuse(Bars {
        baseline: Some(1),
        ..bars("ns", [Measurement::new("x", 1.0)])
    });
    refuse(Bars {
        baseline: Some(0),
        ..bars("ns", [Measurement::new("x", 0.0)])
    });
    refuse(Bars {
        baseline: Some(0),
        ..bars(
            "ns",
            [Measurement::new("x", 1e-300), Measurement::new("y", 1e300)],
        )
    });
    expect![[r#"
        the picture has no rows: give it at least one
        a number of row "x" is -1: it must be finite and not negative
        a number of row "x" is -1: it must be finite and not negative
        a number of row "x" is inf: it must be finite and not negative
        a number of row "x" is inf: it must be finite and not negative
        a number of row "x" is NaN: it must be finite and not negative
        a number of row "x" is NaN: it must be finite and not negative
        row "x": 1 does not lie within its spread, 2 to 3
        row "x": 4 does not lie within its spread, 2 to 3
        row "x": 4 does not lie within its spread, 3 to 2
        the label "n\ns" holds '\n': labels are words in one line
        the label "\n" holds '\n': labels are words in one line
        no room for labels of 70 cells and numbers of 4 beside the bars within 80 cells: shorten it or draw wider
        the baseline is row 1, but rows count from 0 to 0
        row "x" has no ratio to the baseline: the baseline is too near to 0
        row "y" has no ratio to the baseline: the baseline is too near to 0
    "#]].assert_eq(&messages);
}
