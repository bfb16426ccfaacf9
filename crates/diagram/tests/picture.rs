//! Pictures as JSON files.

use diagram::{
    Axis, Bar, Bars, Block, Curve, Drawing, Error, Flow, Gantt, Lanes, Mark, Measurement, Node,
    Picture, Row, Series, Step,
};
use expect_test::expect;

fn one_of_each() -> [Picture; 6] {
    let gantt = Gantt {
        title: Some("a chart".into()),
        rows: vec![
            Row::Heading("heading".into()),
            Row::Bars {
                label: "row".into(),
                bars: vec![
                    Bar::finished(0.0, 1.5),
                    Bar::cut_off(1.5, 2.0),
                    Bar::unfinished(2.0, 3.0),
                ],
            },
            Row::Elided(3),
        ],
        notes: vec!["note".into()],
    };
    let lanes = Lanes {
        lanes: vec!["main".into()],
        steps: vec![Step::new(0, "load()").returns("0").marked(Mark::Stale)],
        result: Some("0".into()),
        ..Lanes::default()
    };
    let bars = Bars {
        unit: "ns".into(),
        rows: vec![
            Measurement::new("x", 1.0).between(0.5, 2.0),
            Measurement::new("y", 1.0),
        ],
        baseline: Some(1),
        ..Bars::default()
    };
    let curve = Curve {
        x: Axis::logarithmic("items", ""),
        y: Axis::linear("time", "ms"),
        series: vec![Series::new("x", [(1.0, 2.5), (10.0, 3.0)])],
        notes: vec!["note".into()],
        ..Curve::default()
    };
    let inner = Block::from("nested").left();
    let list = Block::titled("list")
        .holding(inner)
        .branches(["first", "second"]);
    let flow = Flow::new()
        .layer([Node::new("a", list)])
        .layer([Node::plain("b", "result")])
        .arrow_labelled("a", "b", "label")
        .note("note");
    [
        gantt.into(),
        lanes.into(),
        bars.into(),
        curve.into(),
        flow.into(),
        Drawing {
            text: "╶─→\n".into(),
        }
        .into(),
    ]
}

#[test]
fn json_can_be_read_back() {
    let mut written = String::new();
    for picture in one_of_each() {
        let json = picture.json().unwrap();
        assert_eq!(Picture::from_json(&json), Ok(picture));
        written += &json;
    }
    expect![[r#"
        {
          "kind": "gantt",
          "title": "a chart",
          "rows": [
            {
              "heading": "heading"
            },
            {
              "bars": {
                "label": "row",
                "bars": [
                  {
                    "start_ms": 0.0,
                    "end_ms": 1.5,
                    "end": "finished"
                  },
                  {
                    "start_ms": 1.5,
                    "end_ms": 2.0,
                    "end": "cut-off"
                  },
                  {
                    "start_ms": 2.0,
                    "end_ms": 3.0,
                    "end": "unfinished"
                  }
                ]
              }
            },
            {
              "elided": 3
            }
          ],
          "notes": [
            "note"
          ]
        }
        {
          "kind": "lanes",
          "lanes": [
            "main"
          ],
          "steps": [
            {
              "lane": 0,
              "text": "load()",
              "value": "0",
              "mark": "stale"
            }
          ],
          "result": "0"
        }
        {
          "kind": "bars",
          "unit": "ns",
          "rows": [
            {
              "label": "x",
              "value": 1.0,
              "low": 0.5,
              "high": 2.0
            },
            {
              "label": "y",
              "value": 1.0
            }
          ],
          "baseline": 1
        }
        {
          "kind": "curve",
          "x": {
            "name": "items",
            "scale": "logarithmic"
          },
          "y": {
            "name": "time",
            "unit": "ms",
            "scale": "linear"
          },
          "series": [
            {
              "label": "x",
              "points": [
                [
                  1.0,
                  2.5
                ],
                [
                  10.0,
                  3.0
                ]
              ]
            }
          ],
          "notes": [
            "note"
          ]
        }
        {
          "kind": "flow",
          "layers": [
            [
              {
                "name": "a",
                "block": {
                  "title": "list",
                  "parts": [
                    {
                      "block": {
                        "parts": [
                          {
                            "text": "nested"
                          }
                        ],
                        "align": "left"
                      }
                    },
                    {
                      "branches": [
                        "first",
                        "second"
                      ]
                    }
                  ]
                }
              }
            ],
            [
              {
                "name": "b",
                "block": {
                  "parts": [
                    {
                      "text": "result"
                    }
                  ]
                },
                "plain": true
              }
            ]
          ],
          "arrows": [
            {
              "from": "a",
              "to": "b",
              "label": "label"
            }
          ],
          "notes": [
            "note"
          ]
        }
        {
          "kind": "drawing",
          "text": "╶─→\n"
        }
    "#]]
    .assert_eq(&written);
}

#[test]
fn a_picture_may_be_the_field_of_an_object() {
    for picture in one_of_each() {
        let json = format!(
            "{{\"executions\": [1, 2], \"picture\": {}}}",
            picture.json().unwrap()
        );
        assert_eq!(Picture::from_json(&json), Ok(picture));
    }
}

#[test]
fn other_json_and_a_picture_with_a_mistake_are_different_errors() {
    for json in [
        "[]",
        "null",
        "{}",
        r#"{"kind": "cake"}"#,
        r#"{"picture": null}"#,
        r#"{"kind": 3}"#,
    ] {
        assert_eq!(Picture::from_json(json), Err(Error::NotAPicture), "{json}");
    }
    let mut messages = String::new();
    for json in [
        "",
        "{",
        r#"{"kind": "gantt"}"#,
        r#"{"kind": "lanes", "lanes": [], "steps": [], "verdit": "misspelt"}"#,
        r#"{"kind": "gantt", "rows": [{"bars": {"label": "x", "bars": [{"start_ms": null}]}}]}"#,
        r#"{"picture": {"kind": "drawing", "text": 1}}"#,
        r#"{"kind": "gantt", "rows": [{"elided": -1}]}"#,
    ] {
        let error = Picture::from_json(json).unwrap_err();
        messages += &format!("{error}\n");
    }
    expect![[r#"
        not a valid JSON picture: EOF while parsing a value at line 1 column 0
        not a valid JSON picture: EOF while parsing an object at line 1 column 1
        not a valid JSON picture: missing field `rows`
        not a valid JSON picture: unknown field `verdit`, expected one of `title`, `lanes`, `steps`, `result`, `verdict`, `notes`
        not a valid JSON picture: invalid type: null, expected f64
        not a valid JSON picture: invalid type: integer `1`, expected a string
        not a valid JSON picture: invalid value: integer `-1`, expected usize
    "#]].assert_eq(&messages);
}

#[test]
fn a_bad_picture_is_not_written() {
    let bars = Bars {
        unit: "ns".into(),
        rows: vec![Measurement::new("x", f64::NAN)],
        ..Bars::default()
    };
    assert!(matches!(
        Picture::from(bars).json(),
        Err(Error::Number { .. })
    ));
}

#[test]
fn a_picture_draws_the_same_as_its_contents() {
    for picture in one_of_each() {
        let text = match &picture {
            Picture::Gantt(picture) => picture.to_string(),
            Picture::Lanes(picture) => picture.to_string(),
            Picture::Bars(picture) => picture.to_string(),
            Picture::Curve(picture) => picture.to_string(),
            Picture::Flow(picture) => picture.to_string(),
            Picture::Drawing(picture) => picture.to_string(),
        };
        assert_eq!(picture.to_string(), text);
        assert_eq!(picture.text(diagram::WIDTH), Ok(text));
        assert_eq!(picture.check(), Ok(()));
    }
}
