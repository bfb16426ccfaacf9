//! What the parts of a picture's text stand for.

use diagram::{
    Axis, Bar, Bars, Curve, Drawing, Gantt, Lanes, Mark, Meaning, Measurement, Painted, Picture,
    Row, Series, Step,
};

/// Returns each part with its meaning.
fn parts(painted: &Painted) -> Vec<(Meaning, &str)> {
    let part = |run: &diagram::Run| (run.meaning, &painted.text[run.range.clone()]);
    painted.runs.iter().map(part).collect()
}

fn painted(picture: impl Into<Picture>, width: usize) -> Painted {
    let painted = picture.into().painted(width);
    painted.unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn a_step_belongs_to_its_thread_and_its_mark_stands_out() {
    let lanes = Lanes {
        lanes: vec!["writer".into(), "reader".into()],
        steps: vec![
            Step::new(0, "store(1)"),
            Step::new(1, "load()").returns("0").marked(Mark::Stale),
            Step::new(1, "wait()").marked(Mark::Blocked),
            Step::new(0, "unwrap()").marked(Mark::Panicked),
        ],
        result: Some("2 × 0".into()),
        verdict: Some("should be 1".into()),
        notes: vec!["Explored: everything".into()],
        ..Lanes::default()
    };
    let painted = painted(lanes, 60);
    let (writer, reader) = (Meaning::Thread(0), Meaning::Thread(1));
    assert_eq!(
        parts(&painted),
        [
            (writer, "writer"),
            (reader, "reader"),
            (Meaning::Guide, "1"),
            (writer, "store(1)"),
            (Meaning::Guide, "2"),
            (reader, "load()"),
            (reader, "→ 0"),
            (Meaning::Stale, "stale"),
            (Meaning::Guide, "3"),
            (reader, "wait()"),
            (Meaning::Waiting, "waits forever"),
            (Meaning::Guide, "4"),
            (writer, "unwrap()"),
            (Meaning::Failure, "panicked"),
            // Not the cross in the result.
            (Meaning::Failure, "× should be 1"),
        ]
    );
}

#[test]
fn a_verdict_is_painted_on_all_its_lines() {
    let lanes = Lanes {
        lanes: vec!["worker".into()],
        result: Some("one two three".into()),
        verdict: Some("should be four five".into()),
        ..Lanes::default()
    };
    let painted = painted(lanes, 16);
    assert_eq!(
        painted.text,
        "      worker\nResult: one two\nthree  × should\nbe four five\n"
    );
    let (thread, failure) = (Meaning::Thread(0), Meaning::Failure);
    assert_eq!(
        parts(&painted),
        [
            (thread, "worker"),
            (failure, "× should"),
            (failure, "be four five")
        ]
    );
}

#[test]
fn a_bar_is_work_and_its_end_says_more() {
    let row = |label: &str, bars| Row::Bars {
        label: label.into(),
        bars,
    };
    let chart = Gantt {
        rows: vec![
            row(
                "a",
                vec![Bar::finished(0.0, 10.0), Bar::cut_off(10.0, 20.0)],
            ),
            row("b", vec![Bar::unfinished(0.0, 20.0)]),
            Row::Elided(2),
        ],
        ..Gantt::default()
    };
    let painted = painted(chart, 40);
    let parts = parts(&painted);
    let meanings: Vec<Meaning> = parts.iter().map(|(meaning, _)| *meaning).collect();
    assert_eq!(
        meanings,
        [
            Meaning::Guide,
            Meaning::Work,
            Meaning::Failure,
            Meaning::Unfinished,
            Meaning::Guide,
        ]
    );
    assert!(parts[1].1.ends_with(']') && parts[2].1.ends_with('×') && parts[3].1.ends_with('→'));
}

#[test]
fn a_shared_cell_has_the_meaning_of_all_its_bars_or_none() {
    let bars = vec![
        Bar::finished(0.0, 1.0),
        Bar::finished(1.0, 2.0),
        Bar::finished(999.0, 1000.0),
    ];
    let same = Gantt {
        rows: vec![Row::Bars {
            label: "a".into(),
            bars: bars.clone(),
        }],
        ..Gantt::default()
    };
    let mut other = same.clone();
    if let Row::Bars { bars, .. } = &mut other.rows[0] {
        bars[1] = Bar::cut_off(1.0, 2.0);
    }
    let (same, other) = (painted(same, 40), painted(other, 40));
    assert!(parts(&same).contains(&(Meaning::Work, "2")), "{same:?}");
    assert!(other.text.contains(" 2 "), "{}", other.text);
    assert!(
        parts(&other).iter().all(|(_, part)| *part != "2"),
        "{other:?}"
    );
}

#[test]
fn a_measurement_and_a_curve_have_their_marks() {
    let bars = Bars {
        rows: vec![Measurement::new("3 × faster", 3.0)],
        ..Bars::default()
    };
    let painted_bars = painted(bars, 40);
    assert!(matches!(parts(&painted_bars)[..], [(Meaning::Work, bar)] if bar.starts_with('▆')));

    let curve = Curve {
        x: Axis::linear("items", ""),
        y: Axis::linear("time", "ms"),
        series: vec![
            Series::new("one", [(0.0, 0.0), (10.0, 10.0)]),
            Series::new("two", [(0.0, 10.0)]),
        ],
        ..Curve::default()
    };
    let painted_curve = painted(curve, 60);
    let parts = parts(&painted_curve);
    assert!(parts.contains(&(Meaning::Series(0), "A  one")), "{parts:?}");
    assert!(parts.contains(&(Meaning::Series(1), "B  two")), "{parts:?}");
    assert!(parts.contains(&(Meaning::Series(1), "B")), "{parts:?}");
}

#[test]
fn in_a_drawing_lines_guide_and_crosses_judge() {
    let text = "┌───┐\n│ ✓ ├→ 2×3 = 2 x 3\n└───┘\nlost  ×  in 2\n";
    let painted = painted(Drawing { text: text.into() }, 40);
    let lines = parts(&painted);
    let words: Vec<_> = lines
        .iter()
        .filter(|(meaning, _)| *meaning != Meaning::Guide)
        .collect();
    assert_eq!(words, [&(Meaning::Success, "✓"), &(Meaning::Failure, "×")]);
    assert_eq!(lines[0], (Meaning::Guide, "┌───┐"));
}
