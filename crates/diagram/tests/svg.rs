//! SVG documents: well formed, titled, and the same bytes each time.

use diagram::{
    Axis, Bar, Bars, Block, Curve, Drawing, Flow, Gantt, Lanes, Mark, Measurement, Node, Picture,
    Row, Series, Step, Theme,
};
use expect_test::expect;

const HOSTILE: &str = "</text><script>alert(\"1 & 2\")</script>'";

fn pictures() -> Vec<Picture> {
    let gantt = Gantt {
        title: Some(HOSTILE.into()),
        rows: vec![
            Row::Heading(HOSTILE.into()),
            Row::Bars {
                label: HOSTILE.into(),
                bars: vec![
                    Bar {
                        label: Some("<b>".into()),
                        ..Bar::finished(0.0, 70.0)
                    },
                    Bar::cut_off(70.0, 70.0),
                    Bar::unfinished(80.0, 100.0),
                ],
            },
            Row::Elided(2),
        ],
        notes: vec![HOSTILE.into()],
    };
    let lanes = Lanes {
        title: Some(HOSTILE.into()),
        lanes: vec![HOSTILE.into(), "main".into()],
        steps: vec![
            Step::new(0, HOSTILE).returns(HOSTILE).marked(Mark::Stale),
            Step::new(1, "Vec::<u8>::new()").marked(Mark::Blocked),
            Step::new(1, "").marked(Mark::Panicked),
        ],
        result: Some(HOSTILE.into()),
        verdict: Some(HOSTILE.into()),
        notes: vec![HOSTILE.into()],
    };
    let bars = Bars {
        title: Some(HOSTILE.into()),
        unit: "<&>".into(),
        rows: vec![
            Measurement::new(HOSTILE, 2.0).between(1.0, 3.0),
            Measurement::new("0", 0.0),
        ],
        baseline: Some(0),
        notes: vec![HOSTILE.into()],
    };
    let curve = Curve {
        title: Some(HOSTILE.into()),
        x: Axis::logarithmic(HOSTILE, HOSTILE),
        y: Axis::linear(HOSTILE, HOSTILE),
        series: vec![
            Series::new(HOSTILE, [(1.0, 2.0), (3.0, 4.0)]),
            Series::new("<&>", [(1.0, 4.0)]),
        ],
        notes: vec![HOSTILE.into()],
    };
    let drawing = Drawing {
        text: format!("{HOSTILE}\n╶─╴ ▒ ╳ ╶▼╴ ▙"),
    };
    let list = Block::titled(HOSTILE)
        .holding(HOSTILE)
        .branches([HOSTILE, "a  b"]);
    let flow = Flow::new()
        .titled(HOSTILE)
        .layer([Node::new("list", list)])
        .layer([Node::plain("result", HOSTILE)])
        .layer([Node::new("<", "two  blanks")])
        .arrow_labelled("list", "result", HOSTILE)
        .arrow("<", "result")
        .note(HOSTILE);
    vec![
        gantt.into(),
        lanes.into(),
        bars.into(),
        curve.into(),
        flow.into(),
        drawing.into(),
    ]
}

#[test]
fn documents_are_well_formed_and_titled() {
    for picture in pictures() {
        for theme in [Theme::Light, Theme::Dark] {
            let svg = picture.svg(theme).unwrap();
            let document =
                roxmltree::Document::parse(&svg).unwrap_or_else(|error| panic!("{error}\n{svg}"));
            let root = document.root_element();
            let names: Vec<&str> = root
                .children()
                .filter(|node| node.is_element())
                .map(|node| node.tag_name().name())
                .collect();
            assert_eq!(names[..3], ["title", "desc", "rect"]);
            assert_eq!(root.attribute("role"), Some("img"));
            assert!(!root.children().any(|node| node.has_tag_name("script")));
            let text = |name| {
                root.children()
                    .find(|node| node.has_tag_name(name))
                    .and_then(|node| node.text())
            };
            assert!(text("title").is_some_and(|title| !title.is_empty()));
            assert!(text("desc").is_some_and(|desc| desc.contains("alert")));
        }
    }
}

#[test]
fn code_is_stretched_to_its_cells_and_contains_no_blanks_that_svg_drops() {
    for picture in pictures() {
        let svg = picture.svg(Theme::Light).unwrap();
        let document = roxmltree::Document::parse(&svg).unwrap();
        for node in document
            .descendants()
            .filter(|node| node.has_attribute("textLength"))
        {
            let code = node.text().unwrap_or_default();
            assert!(
                !code.is_empty() && code.trim() == code && !code.contains("  "),
                "{code:?}"
            );
        }
    }
}

#[test]
fn documents_need_no_other_file() {
    for picture in pictures() {
        let svg = picture
            .svg(Theme::Light)
            .unwrap()
            .replace("http://www.w3.org/2000/svg", "");
        for reference in ["http:", "https:", "href", "url(", "@import", "@font-face"] {
            assert!(!svg.contains(reference), "{reference} in {svg}");
        }
    }
}

#[test]
fn the_themes_differ_only_in_colours() {
    let colourless = |svg: String| {
        let mut pieces = svg.split("\"#");
        let first = pieces.next().unwrap_or_default().to_owned();
        pieces.fold(first, |svg, piece| {
            svg + "\"#" + piece.get(6..).unwrap_or("")
        })
    };
    for picture in pictures() {
        let (light, dark) = (
            picture.svg(Theme::Light).unwrap(),
            picture.svg(Theme::Dark).unwrap(),
        );
        assert_ne!(light, dark);
        assert_eq!(colourless(light), colourless(dark));
        assert_eq!(picture.svg(Theme::Light), picture.svg(Theme::Light));
    }
}

#[test]
fn every_glyph_of_a_drawing_has_its_own_cell() {
    let drawing = Drawing {
        text: "┌────┐\n│ ab │ cd\n└────┘".into(),
    };
    expect![[r##"
        <svg xmlns="http://www.w3.org/2000/svg" width="137" height="116" viewBox="0 0 137 116" role="img" font-family="system-ui, sans-serif">
        <title>Drawing</title>
        <desc>ab cd</desc>
        <rect width="100%" height="100%" fill="#ffffff"/>
        <path d="M31.75 38H78.25M31.75 78H78.25M32.5 37.25V78.75M77.5 37.25V78.75" fill="none" stroke="#57606a" stroke-width="1.5"/>
        <text x="46" y="63" font-size="15" fill="#1f2328" font-family="ui-monospace, monospace" textLength="18" lengthAdjust="spacingAndGlyphs">ab</text>
        <text x="91" y="63" font-size="15" fill="#1f2328" font-family="ui-monospace, monospace" textLength="18" lengthAdjust="spacingAndGlyphs">cd</text>
        </svg>
    "##]].assert_eq(&drawing.svg(Theme::Light).unwrap());
}

#[test]
fn a_small_chart() {
    let chart = Gantt {
        rows: vec![Row::Bars {
            label: "Item".into(),
            bars: vec![Bar::finished(0.0, 1.0)],
        }],
        ..Gantt::default()
    };
    expect![[r##"
        <svg xmlns="http://www.w3.org/2000/svg" width="776" height="144" viewBox="0 0 776 144" role="img" font-family="system-ui, sans-serif">
        <title>Gantt chart</title>
        <desc>Item: 0ms to 1ms
        Total: 1ms</desc>
        <rect width="100%" height="100%" fill="#0d1117"/>
        <text x="32" y="44" font-size="13" fill="#9aa4b0">Time</text>
        <path d="M88 54L88 90" stroke="#30363d" stroke-width="1"/>
        <text x="88" y="44" font-size="13" fill="#9aa4b0" text-anchor="middle">0ms</text>
        <path d="M216 54L216 90" stroke="#30363d" stroke-width="1"/>
        <text x="216" y="44" font-size="13" fill="#9aa4b0" text-anchor="middle">0.2ms</text>
        <path d="M344 54L344 90" stroke="#30363d" stroke-width="1"/>
        <text x="344" y="44" font-size="13" fill="#9aa4b0" text-anchor="middle">0.4ms</text>
        <path d="M472 54L472 90" stroke="#30363d" stroke-width="1"/>
        <text x="472" y="44" font-size="13" fill="#9aa4b0" text-anchor="middle">0.6ms</text>
        <path d="M600 54L600 90" stroke="#30363d" stroke-width="1"/>
        <text x="600" y="44" font-size="13" fill="#9aa4b0" text-anchor="middle">0.8ms</text>
        <path d="M728 54L728 90" stroke="#30363d" stroke-width="1"/>
        <text x="728" y="44" font-size="13" fill="#9aa4b0" text-anchor="middle">1.0ms</text>
        <text x="32" y="79" font-size="15" fill="#e6edf3">Item</text>
        <g><title>Item: 0ms to 1ms</title>
        <rect x="88" y="64" width="638.5" height="20" rx="5" fill="#6cb0ff"/>
        </g>
        <text x="32" y="120" font-size="15" fill="#e6edf3" font-weight="600">Total: 1ms</text>
        </svg>
    "##]].assert_eq(&chart.svg(Theme::Dark).unwrap());
}
