//! Curves: the pictures, and the errors for bad data.

use diagram::{Axis, Curve, Error, Series, Theme};
use expect_test::expect;

/// How the time of three strategies grows.
fn growth() -> Curve {
    let points = |ms: fn(f64) -> f64| [10.0, 100.0, 1_000.0].map(|items| (items, ms(items)));
    Curve {
        x: Axis::logarithmic("items", ""),
        y: Axis::logarithmic("time", "ms"),
        series: vec![
            Series::new("sequential", points(|items| items * 50.0)),
            Series::new("unlimited", points(|_| 50.0)),
            Series::new("batches", points(|items| items * 5.0)),
            Series::new("window", points(|items| items * 5.0)),
        ],
        ..Curve::default()
    }
}

fn one(points: &[(f64, f64)]) -> Curve {
    Curve {
        x: Axis::linear("x", ""),
        y: Axis::linear("y", ""),
        series: vec![Series::new("one", points.iter().copied())],
        ..Curve::default()
    }
}

#[test]
fn a_logarithmic_axis_says_so_and_series_with_the_same_points_are_one_curve() {
    let picture = Curve {
        title: Some("Items of 50 ms".into()),
        notes: vec!["limit 10".into()],
        ..growth()
    };
    expect![[r#"
        Items of 50 ms

        time (ms, logarithmic)
          10⁵ ┤
              │                                              ····A
              │                                      ········
          10⁴ ┤                              ········
              │                     ····A····                ····C
              │             ········                 ········
        1,000 ┤     ········                 ········
              │A····                ····C····
              │             ········
          100 ┤     ········
              │2························B························B
              │
           10 ┤
              └┬────────────────────────┬────────────────────────┬
               10                      100                     1,000
                                               items (logarithmic)
        A  sequential
        B  unlimited
        C  batches, window
        A digit is the number of curves that share that cell.
        limit 10
    "#]]
    .assert_eq(&picture.text(60).unwrap());
    expect![[r#"
        Across: items (logarithmic)
        Up: time (ms, logarithmic)
        sequential: 500 ms at 10, 5,000 ms at 100, 50,000 ms at 1,000
        unlimited: 50 ms at 10, 50 ms at 100, 50 ms at 1,000
        batches, window: 50 ms at 10, 500 ms at 100, 5,000 ms at 1,000
        limit 10"#]]
    .assert_eq(&picture.description().unwrap());
}

#[test]
fn a_linear_axis_starts_at_0() {
    let picture = Curve {
        x: Axis::linear("items", ""),
        y: Axis::linear("time", "s"),
        series: vec![
            Series::new("up", [(900.0, 0.35), (1_000.0, 0.4)]),
            Series::new("down", [(200.0, 0.4), (900.0, 0.35), (1_000.0, 0.0)]),
        ],
        ..Curve::default()
    };
    expect![[r#"
        time (s)
        0.40 ┤          B·················                    ··A
        0.35 ┤                            ·················2··
        0.30 ┤                                              ·
        0.25 ┤                                              ·
        0.20 ┤                                               ·
        0.15 ┤                                                ·
        0.10 ┤                                                 ·
        0.05 ┤                                                 ·
           0 ┤                                                  B
             └┬─────────┬─────────┬─────────┬─────────┬─────────┬
              0        200       400       600       800      1,000
                                                            items
        A  up
        B  down
        A digit is the number of curves that share that cell.
    "#]]
    .assert_eq(&picture.text(60).unwrap());
    expect![[r#"
        Across: items
        Up: time (s)
        up: 0.350 s at 900, 0.400 s at 1,000
        down: 0.400 s at 200, 0.350 s at 900, 0 s at 1,000"#]]
    .assert_eq(&picture.description().unwrap());
}

#[test]
fn numbers_of_every_size_have_ticks() {
    let mut pictures = String::new();
    for (smallest, largest) in [(1e-300, 1e300), (0.002, 0.5), (1e-9, 2e-5), (7e7, 2e10)] {
        for axis in [Axis::linear("y", ""), Axis::logarithmic("y", "")] {
            let points = [(0.0, smallest), (1.0, largest)];
            let picture = Curve {
                y: axis,
                ..one(&points)
            };
            let text = picture.text(40).unwrap();
            let ticks = text.lines().filter_map(|line| line.split_once(" ┤"));
            let ticks: Vec<&str> = ticks.map(|(label, _)| label.trim()).collect();
            pictures += &format!("{}: {}\n", picture.y.name, ticks.join("  "));
        }
    }
    expect![[r#"
        y: 10e299  8e299  6e299  4e299  2e299  0
        y: 10³⁰⁰  10²²⁵  10¹⁵⁰  10⁷⁵  1  1e-75  1e-150  1e-225  1e-300
        y: 0.5  0.4  0.3  0.2  0.1  0
        y: 1  0.1  0.01  0.001
        y: 20e-6  15e-6  10e-6  5e-6  0
        y: 1e-4  1e-5  1e-6  1e-7  1e-8  1e-9
        y: 20e9  15e9  10e9  5e9  0
        y: 10¹¹  10¹⁰  10⁹  10⁸  10⁷
    "#]]
    .assert_eq(&pictures);
    // A single value, and none above 0.
    for value in [0.0, 1e-300, 5e-324, 1.0, f64::MAX] {
        let picture = one(&[(value, value)]);
        assert!(picture.text(40).unwrap().contains('A'), "{value}");
        assert!(picture.svg(Theme::Light).is_ok(), "{value}");
    }
}

#[test]
fn curves_adapt_to_the_width() {
    let picture = growth();
    expect![[r#"
        time (ms, logarithmic)
          10⁵ ┤
              │                   ·A
              │               ····
          10⁴ ┤            ···
              │         ·A·       ·C
              │     ····      ····
        1,000 ┤  ···       ···
              │A·       ·C·
              │     ····
          100 ┤  ···
              │2·········B·········B
              │
           10 ┤
              └┬─────────┬─────────┬
               10       100      1,000
                 items (logarithmic)
        A  sequential
        B  unlimited
        C  batches, window
        A digit is the number of curves
        that share that cell.
    "#]]
    .assert_eq(&picture.text(31).unwrap());
    assert_eq!(
        picture.text(usize::MAX).unwrap(),
        picture.text(1_000).unwrap()
    );
    let narrow = (0..100).find(|width| picture.text(*width).is_ok());
    assert_eq!(narrow, Some(26));
    expect!["25 cells have no room for curves beside 7 cells of labels; use shorter text or a wider picture"].assert_eq(&picture.text(25).unwrap_err().to_string());
}

#[test]
fn ten_curves_in_a_cell_are_a_plus() {
    let series = |count: u32| {
        let series =
            (0..count).map(|it| Series::new(format!("{it}"), [(1.0, 1e6 + f64::from(it))]));
        let picture = Curve {
            series: series.collect(),
            ..one(&[])
        };
        picture.text(80).unwrap()
    };
    let marks = |text: &str, mark: char| {
        text.lines()
            .filter_map(|line| line.split_once('┤'))
            .flat_map(|(_, marks)| marks.chars())
            .filter(|it| *it == mark)
            .count()
    };
    let (nine, ten) = (series(9), series(10));
    assert_eq!((marks(&nine, '9'), marks(&nine, '+')), (1, 0), "{nine}");
    assert!(nine.contains("share that cell.\n"), "{nine}");
    assert_eq!(marks(&ten, '+'), 1, "{ten}");
    assert!(ten.contains("+ means 10 or more.\n"), "{ten}");
}

#[test]
fn the_labels_of_the_svg_stay_apart() {
    let series = (0..12).map(|it| {
        Series::new(
            format!("label {it}"),
            [
                (1.0, f64::from(it) / 100.0),
                (2.0, 5.0 + f64::from(it) / 100.0),
            ],
        )
    });
    let picture = Curve {
        series: series.collect(),
        ..one(&[])
    };
    let svg = picture.svg(Theme::Light).unwrap();
    let document = roxmltree::Document::parse(&svg).unwrap();
    let number = |node: &roxmltree::Node<'_, '_>, name| {
        node.attribute(name).and_then(|it| it.parse::<f64>().ok())
    };
    let labels: Vec<roxmltree::Node<'_, '_>> = document
        .descendants()
        .filter(|node| {
            node.text().is_some_and(|text| text.starts_with("label ")) && node.has_tag_name("text")
        })
        .collect();
    assert_eq!(labels.len(), 12);
    let mut heights: Vec<f64> = labels
        .iter()
        .map(|label| number(label, "y").unwrap())
        .collect();
    // The highest curve has the highest label.
    assert!(heights.is_sorted_by(|a, b| a > b), "{heights:?}");
    heights.reverse();
    assert!(
        heights.windows(2).all(|pair| pair[1] - pair[0] >= 20.0),
        "{heights:?}"
    );
    let height = number(&document.root_element(), "height").unwrap();
    assert!(heights[11] < height, "{heights:?} in {height}");
}

#[test]
fn bad_data_gives_an_error() {
    let mut messages = String::new();
    let mut fails = |picture: Curve| {
        let error = picture.text(80).unwrap_err();
        assert_eq!(picture.to_string(), format!("{error}\n"));
        let same =
            |result: Result<String, Error>| result.unwrap_err().to_string() == error.to_string();
        assert!(same(picture.svg(Theme::Light)) && same(picture.description()));
        messages += &format!("{error}\n");
    };
    fails(Curve::default());
    fails(one(&[]));
    for value in [-1.0, f64::INFINITY, f64::NAN] {
        fails(one(&[(value, 1.0)]));
        fails(one(&[(1.0, value)]));
    }
    fails(Curve {
        x: Axis::logarithmic("items", ""),
        ..one(&[(0.0, 1.0)])
    });
    fails(Curve {
        y: Axis::logarithmic("time", "ms"),
        ..one(&[(1.0, 0.0)])
    });
    fails(one(&[(1.0, 1.0), (1.0, 2.0)]));
    fails(one(&[(1.0, 1.0), (3.0, 1.0), (2.0, 1.0)]));
    let many = (0..27).map(|it| Series::new("x", [(1.0, f64::from(it))]));
    fails(Curve {
        series: many.collect(),
        ..one(&[])
    });
    let label = |text: &str| text.to_owned();
    fails(Curve {
        title: Some(label("\n")),
        ..growth()
    });
    fails(Curve {
        notes: vec![label("a\tb")],
        ..growth()
    });
    fails(Curve {
        x: Axis::linear("a\nb", ""),
        ..growth()
    });
    fails(Curve {
        y: Axis::linear("", "\u{202E}"),
        ..growth()
    });
    fails(Curve {
        series: vec![Series::new("\n", [(1.0, 1.0)])],
        ..growth()
    });
    expect![[r#"
        the picture has no series; add at least one
        series "one" has no points; add one or remove the series
        series "one": a number is -1, but must be finite and not negative
        series "one": a number is -1, but must be finite and not negative
        series "one": a number is inf, but must be finite and not negative
        series "one": a number is inf, but must be finite and not negative
        series "one": a number is NaN, but must be finite and not negative
        series "one": a number is NaN, but must be finite and not negative
        series "one" has a 0 on the axis "items"; a logarithmic axis has no 0
        series "one" has a 0 on the axis "time"; a logarithmic axis has no 0
        series "one": a point at 1 follows one at 1; sort the points, and keep one of equals
        series "one": a point at 2 follows one at 3; sort the points, and keep one of equals
        27 curves are too many for a picture; draw at most 26
        the label "\n" contains '\n'; a label must be a single line of plain text
        the label "a\tb" contains '\t'; a label must be a single line of plain text
        the label "a\nb" contains '\n'; a label must be a single line of plain text
        the label "\u{202e}" contains '\u{202e}'; a label must be a single line of plain text
        the label "\n" contains '\n'; a label must be a single line of plain text
    "#]]
    .assert_eq(&messages);
    // Equal series are one curve, however many there are.
    let same = (0..27).map(|_| Series::new("x", [(1.0, 1.0)]));
    assert_eq!(
        Curve {
            series: same.collect(),
            ..one(&[])
        }
        .check(),
        Ok(())
    );
}
