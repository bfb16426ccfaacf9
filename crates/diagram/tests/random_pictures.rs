//! Random data gives either an error or a picture that keeps its promises.

mod random;
mod reading;

use std::collections::{BTreeMap, BTreeSet};

use diagram::{
    Align, Arrow, Axis, Bar, Bars, Block, Curve, Drawing, End, Flow, Gantt, Lanes, Mark,
    Measurement, Node, Painted, Picture, Row, Run, Scale, Series, Step, Theme, check_boxes,
};
use random::Random;
use reading::Reading;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

const ROUNDS: u64 = 2_000;

/// Returns the contents of each cell of a line. The cells after a wide glyph's first are empty.
fn cells(line: &str) -> Vec<&str> {
    let mut cells = Vec::new();
    for glyph in line.graphemes(true) {
        let width = glyph.width();
        if width > 0 {
            cells.push(glyph);
            cells.extend(std::iter::repeat_n("", width - 1));
        }
    }
    cells
}

/// Checks the promises that every picture keeps. Returns its text if it can be drawn.
fn drawn(picture: &Picture, width: usize) -> Option<String> {
    if let Ok(svg) = picture.svg(Theme::Dark) {
        assert_eq!(picture.check(), Ok(()));
        if let Err(error) = roxmltree::Document::parse(&svg) {
            panic!("{error}\n{picture:?}\n{svg}");
        }
    }
    let painted = match picture.painted(width) {
        Ok(painted) => painted,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return None;
        }
    };
    assert_eq!(picture.check(), Ok(()));
    let Painted { text, runs } = painted;
    assert!(text.ends_with('\n'));
    for line in text.lines() {
        assert!(
            cells(line).len() <= width,
            "{line:?} is wider than {width}: {picture:?}"
        );
        assert_eq!(line, line.trim_end(), "{picture:?}");
    }
    check_runs(picture, &text, &runs);
    Some(text)
}

/// Checks that the parts of a text are where they can be put into elements.
fn check_runs(picture: &Picture, text: &str, runs: &[Run]) {
    let mut end = 0;
    for run in runs {
        assert!(end <= run.range.start, "{run:?} overlaps: {picture:?}");
        end = run.range.end;
        let part = text.get(run.range.clone());
        let part = part.expect("a run consists of whole characters");
        assert!(!part.is_empty() && part == part.trim(), "{run:?}: {part:?}");
        assert!(!part.contains('\n'), "{run:?}: {part:?}");
    }
}

fn width(random: &mut Random) -> usize {
    if random.one_in(20) {
        random.one_of(&[1_000, 100_000, usize::MAX])
    } else {
        random.below(140)
    }
}

fn time(random: &mut Random, scale: f64) -> f64 {
    match random.below(400) {
        0 => -1.0,
        1 => f64::NAN,
        2 => f64::INFINITY,
        3..100 => random.below(1_000) as f64 / 7.0 * scale,
        _ => random.below(20) as f64 * 10.0 * scale,
    }
}

fn gantt(random: &mut Random) -> Gantt {
    let scale = random.one_of(&[1e-9, 1e-3, 0.1, 1.0, 33.0, 1e4, 1e9, 1e17, 1e290, 1e305]);
    let row = |random: &mut Random| {
        let mut edges: Vec<f64> = (0..random.below(6) * 2)
            .map(|_| time(random, scale))
            .collect();
        if !random.one_in(50) {
            edges.sort_by(f64::total_cmp);
        }
        let bar = |edges: &[f64]| Bar {
            start_ms: edges[0],
            end_ms: edges[1],
            end: random.one_of(&[End::Finished, End::CutOff, End::Unfinished]),
            label: (!random.one_in(3)).then(|| random.text(8)),
        };
        let bars = edges.chunks_exact(2).map(bar).collect();
        Row::Bars {
            label: random.text(12),
            bars,
        }
    };
    let rows = (0..random.below(6))
        .map(|_| match random.below(8) {
            0 => Row::Heading("heading".into()),
            1 => Row::Elided(random.below(1_000)),
            _ => row(random),
        })
        .collect();
    Gantt {
        rows,
        ..Gantt::default()
    }
}

/// Reads the cell of time 0 and the number of cells per millisecond from the ticks' labels.
fn scale(header: &str) -> Option<(usize, f64)> {
    let cells = cells(header);
    let starts = (1..cells.len()).filter(|&cell| cells[cell - 1] == " " && cells[cell] != " ");
    let ticks: Vec<(usize, f64)> = starts
        .filter_map(|start| {
            let label: String = cells[start..]
                .iter()
                .take_while(|glyph| **glyph != " ")
                .copied()
                .collect();
            let unit = label.find(|glyph: char| glyph.is_alphabetic())?;
            let ms = match &label[unit..] {
                "µs" => 1e-3,
                "ms" => 1.0,
                _ => 1e3,
            };
            Some((start, label[..unit].parse::<f64>().ok()? * ms))
        })
        .collect();
    let (&(zero, _), &(last, ms)) = (ticks.first()?, ticks.last()?);
    (last > zero).then(|| (zero, (last - zero) as f64 / ms))
}

/// Checks that each bar of a row fills its cells and that all other cells are blank.
fn check_row(line: &str, bars: &[Bar], zero: usize, cells_per_ms: f64) {
    let cell = |ms: f64| {
        let exact = ms * cells_per_ms;
        // Halfway between two cells, either may be right.
        ((exact.fract() - 0.5).abs() > 1e-6).then_some(zero + exact.round() as usize)
    };
    let edges: Option<Vec<(usize, usize, End)>> = bars
        .iter()
        .map(|bar| {
            let (start, end) = (cell(bar.start_ms)?, cell(bar.end_ms)?);
            Some((start, end.max(start + 1), bar.end))
        })
        .collect();
    let Some(edges) = edges else { return };
    let line = cells(line);
    let at = |cell: usize| line.get(cell).copied().unwrap_or(" ");
    let bars_in = |cell: usize| {
        edges
            .iter()
            .filter(|edge| (edge.0..edge.1).contains(&cell))
            .count()
    };
    for cell in zero..line.len().max(zero) {
        assert!(
            bars_in(cell) > 0 || at(cell) == " ",
            "cell {cell} of {line:?}"
        );
    }
    for &(start, end, kind) in &edges {
        let last = match kind {
            End::Finished if end - start == 1 => "▌",
            End::Finished => "]",
            End::CutOff => "×",
            End::Unfinished => "→",
        };
        let first = if end - start == 1 { last } else { "[" };
        for (cell, glyph) in [(start, first), (end - 1, last)] {
            let expected = match bars_in(cell) {
                1 => glyph.to_owned(),
                shared @ 2..=9 => shared.to_string(),
                _ => "+".to_owned(),
            };
            assert_eq!(at(cell), expected, "cell {cell} of {line:?}");
        }
    }
}

#[test]
fn every_bar_of_a_chart_fills_its_cells() {
    let mut checked = 0;
    for seed in 0..ROUNDS {
        let random = &mut Random::new(seed);
        let (chart, width) = (gantt(random), width(random));
        let Some(text) = drawn(&chart.clone().into(), width) else {
            continue;
        };
        let lines: Vec<&str> = text.lines().collect();
        let Some((zero, cells_per_ms)) = scale(lines[0]) else {
            continue;
        };
        for (row, line) in chart.rows.iter().zip(&lines[1..]) {
            if let Row::Bars { bars, .. } = row {
                check_row(line, bars, zero, cells_per_ms);
                checked += bars.len();
            }
        }
    }
    assert!(checked > 2_000, "only {checked} bars were drawn");
}

#[test]
fn no_step_leaves_its_lane() {
    let mut checked = 0;
    for seed in 0..ROUNDS {
        let random = &mut Random::new(seed);
        let count = 1 + random.below(4);
        let longest = random.one_of(&[6, 20, 60]);
        let steps = (0..random.below(8)).map(|_| Step {
            lane: if random.one_in(200) {
                count
            } else {
                random.below(count)
            },
            text: random.text(longest),
            short: random.one_in(2).then(|| random.text(longest / 2)),
            value: random.one_in(2).then(|| random.text(longest / 2)),
            mark: random.one_of(&[
                None,
                None,
                Some(Mark::Stale),
                Some(Mark::Blocked),
                Some(Mark::Panicked),
            ]),
        });
        let lanes = Lanes {
            steps: steps.collect(),
            lanes: (0..count).map(|lane| format!("<{lane}>")).collect(),
            result: random.one_in(2).then(|| "result".to_owned()),
            ..Lanes::default()
        };
        let width = width(random);
        let Some(text) = drawn(&lanes.clone().into(), width) else {
            continue;
        };
        let mut lines = text.lines();
        let names = lines.next().unwrap_or_default();
        let starts: Vec<usize> = (0..count)
            .filter_map(|lane| names.find(&format!("<{lane}>")))
            .collect();
        assert_eq!(starts.len(), count);
        let mut step = 0;
        for line in lines.take_while(|line| !line.starts_with("Result")) {
            let line = cells(line);
            let gutter: String = line.iter().take(6).copied().collect();
            if let Ok(number) = gutter.trim().parse::<usize>() {
                step = number;
                checked += 1;
            }
            let lane = lanes.steps[step - 1].lane;
            let end = starts.get(lane + 1).copied().unwrap_or(usize::MAX);
            for (cell, glyph) in line
                .iter()
                .enumerate()
                .skip(6)
                .filter(|(_, glyph)| **glyph != " ")
            {
                assert!(
                    (starts[lane]..end).contains(&cell),
                    "{glyph:?} is outside lane {lane}:\n{text}"
                );
            }
        }
        assert_eq!(step, lanes.steps.len());
    }
    assert!(checked > 2_000, "only {checked} steps were drawn");
}

#[test]
fn longer_bars_mean_larger_values() {
    let mut checked = 0;
    for seed in 0..ROUNDS {
        let random = &mut Random::new(seed);
        let scale = random.one_of(&[1e-12, 1e-3, 1.0, 1e5, 1e20, 1e306]);
        let rows = (0..random.below(6)).map(|_| {
            let value = match random.below(100) {
                0 => f64::NAN,
                1 => -1.0,
                _ => random.below(1_000) as f64 * scale,
            };
            let spread = random.one_in(3).then_some((value * 0.5, value * 1.5));
            Measurement {
                label: random.text(12).replace(['▆', '▏'], "_"),
                value,
                low: spread.map(|(low, _)| low),
                high: spread.map(|(_, high)| high),
            }
        });
        let bars = Bars {
            rows: rows.collect(),
            unit: random.one_of(&["", "ns", "µs", "requests/s"]).to_owned(),
            baseline: random.one_in(2).then(|| random.below(3)),
            ..Bars::default()
        };
        let Some(text) = drawn(&bars.clone().into(), width(random)) else {
            continue;
        };
        let blocks = |line: &str| line.matches('▆').count() * 2 + usize::from(line.contains('▏'));
        let rows: Vec<(f64, usize)> = bars
            .rows
            .iter()
            .map(|row| row.value)
            .zip(text.lines().map(blocks))
            .collect();
        for (value, length) in &rows {
            assert_eq!(*value > 0.0, *length > 0, "{text}");
            assert!(
                rows.iter()
                    .all(|(other, longer)| other < value || longer >= length),
                "{text}"
            );
            checked += 1;
        }
    }
    assert!(checked > 2_000, "only {checked} bars were drawn");
}

fn axis(random: &mut Random) -> Axis {
    Axis {
        name: random.text(12).replace('┤', "_"),
        unit: random.one_of(&["", "ms", "µs"]).to_owned(),
        scale: random.one_of(&[Scale::Linear, Scale::Logarithmic]),
    }
}

fn curve(random: &mut Random) -> Curve {
    let scales = [1e-300, 1e-12, 1e-3, 1.0, 1e5, 1e20, 1e304].map(|scale| (scale, random.below(3)));
    let [across, up] = [0; 2].map(|_| random.one_of(&scales));
    let number = |random: &mut Random, (scale, decades): (f64, usize)| match random.below(400) {
        0 => -1.0,
        1 => f64::NAN,
        2 => 0.0,
        _ => {
            (1 + random.below(999)) as f64
                * scale
                * 10_f64.powi(random.below(1 + 2 * decades) as i32)
        }
    };
    let series = (0..random.below(6)).map(|index| {
        let mut points: Vec<(f64, f64)> = (0..1 + random.below(6))
            .map(|_| (number(random, across), number(random, up)))
            .collect();
        if !random.one_in(50) {
            points.sort_by(|a, b| a.0.total_cmp(&b.0));
            points.dedup_by_key(|point| point.0);
        }
        Series::new(format!("<{index}> {}", random.text(12)), points)
    });
    Curve {
        series: series.collect(),
        title: random.one_in(4).then(|| "a title".to_owned()),
        x: axis(random),
        y: axis(random),
        notes: Vec::new(),
    }
}

/// Reads the label of a tick: `0.001`, `1,000`, `10⁶`, `5e20`.
fn tick(label: &str) -> f64 {
    match label
        .strip_prefix("10")
        .filter(|rest| rest.chars().any(|it| "⁰¹²³⁴⁵⁶⁷⁸⁹".contains(it)))
    {
        Some(raised) => {
            let digit = |raised: char| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().position(|it| it == raised).unwrap();
            let exponent = raised
                .chars()
                .fold(0, |sum, raised| sum * 10 + digit(raised));
            10_f64.powi(exponent as i32)
        }
        None => label.replace(',', "").parse().unwrap(),
    }
}

/// The cell of a value, as a reader finds it between two ticks. `None` halfway between two cells, where either may be
/// right.
fn between_ticks(axis: &Axis, ticks: &[(usize, f64)], value: f64) -> Option<usize> {
    // The last tick of a large linear axis may be too large for a number.
    let last = ticks.iter().rfind(|(_, value)| value.is_finite()).unwrap();
    let (from, to) = (ticks[0], *last);
    let share = match axis.scale {
        Scale::Linear => value / to.1,
        Scale::Logarithmic => (value.log10() - from.1.log10()) / (to.1.log10() - from.1.log10()),
    };
    let exact = from.0 as f64 + share * (to.0 - from.0) as f64;
    ((exact.fract() - 0.5).abs() > 1e-6).then_some(exact.round() as usize)
}

#[test]
fn every_point_of_a_curve_is_where_its_axes_say() {
    let mut checked = 0;
    for seed in 0..ROUNDS {
        let random = &mut Random::new(seed);
        let (curve, width) = (curve(random), width(random));
        let Some(text) = drawn(&curve.clone().into(), width) else {
            if curve.check().is_ok() {
                assert!(curve.svg(Theme::Light).is_ok(), "{curve:?}");
                assert!(curve.text(80).is_ok(), "{curve:?}");
            }
            continue;
        };
        let lines: Vec<Vec<&str>> = text.lines().map(cells).collect();
        let axis = lines.iter().position(|line| line.contains(&"└")).unwrap();
        let left = lines[axis].iter().position(|cell| *cell == "└").unwrap();
        let top = (0..axis).rev().take_while(|line| {
            lines[*line]
                .get(left)
                .is_some_and(|cell| ["│", "┤"].contains(cell))
        });
        let top = top.last().unwrap();
        // Rows are counted upwards, and columns from the axis.
        let rows: Vec<&[&str]> = lines[top..axis]
            .iter()
            .rev()
            .map(|line| &line[left + 1..])
            .collect();
        let up = lines[top..axis].iter().rev().enumerate();
        let up = up.filter(|(_, line)| line[left] == "┤");
        let up: Vec<(usize, f64)> = up
            .map(|(row, line)| (row, tick(line[..left].concat().trim())))
            .collect();
        let columns = lines[axis][left + 1..].iter().enumerate();
        let columns = columns
            .filter(|(_, cell)| **cell == "┬")
            .map(|(column, _)| column);
        let labels = lines[axis + 1].concat();
        let labels: Vec<f64> = labels.split_whitespace().map(tick).collect();
        let across: Vec<(usize, f64)> = columns.zip(labels.iter().copied()).collect();
        assert_eq!(across.len(), labels.len(), "{text}");
        for axis in [&across, &up] {
            assert!(axis.is_sorted_by(|a, b| a.1 < b.1), "{text}");
            let apart = axis.windows(2).map(|pair| pair[1].0 - pair[0].0);
            assert!(
                apart.clone().all(|it| Some(it) == apart.clone().next()),
                "{text}"
            );
        }
        for (axis, ticks) in [(&curve.x, &across), (&curve.y, &up)] {
            let words = text.contains("logarithmic)");
            assert!(words || axis.scale == Scale::Linear, "{text}");
            if axis.scale == Scale::Linear {
                assert_eq!(ticks[0].1, 0.0, "{text}");
            }
        }

        // The curves that have a point in each cell.
        let mut wanted: BTreeMap<(usize, usize), BTreeSet<char>> = BTreeMap::new();
        let mut different: Vec<&[(f64, f64)]> = Vec::new();
        let mut is_exact = true;
        for series in &curve.series {
            let known = different.iter().position(|points| *points == series.points);
            let index = known.unwrap_or(different.len());
            if known.is_none() {
                different.push(&series.points);
            }
            for &(x, y) in &series.points {
                let column = between_ticks(&curve.x, &across, x);
                let row = between_ticks(&curve.y, &up, y);
                let (Some(column), Some(row)) = (column, row) else {
                    is_exact = false;
                    continue;
                };
                let letter = char::from(b'A' + index as u8);
                wanted.entry((column, row)).or_default().insert(letter);
            }
        }
        if !is_exact {
            continue;
        }
        for (row, line) in rows.iter().enumerate() {
            for (column, cell) in line.iter().enumerate() {
                let expected = match wanted.get(&(column, row)) {
                    None => {
                        assert!([" ", "·"].contains(cell), "{column}, {row}: {cell}\n{text}");
                        continue;
                    }
                    Some(letters) if letters.len() == 1 => letters.first().unwrap().to_string(),
                    Some(letters) => letters.len().to_string(),
                };
                assert_eq!(*cell, expected, "{column}, {row}:\n{text}");
                checked += 1;
            }
        }
        for (index, points) in different.iter().enumerate() {
            let letter = char::from(b'A' + index as u8);
            let label = text
                .lines()
                .filter(|line| line.starts_with(&format!("{letter}  ")));
            assert_eq!(label.count(), 1, "{text}");
            let words = curve.description().unwrap();
            let line = words.lines().nth(2 + index).unwrap();
            assert_eq!(line.matches(" at ").count(), points.len(), "{words}");
        }
    }
    assert!(checked > 2_000, "only {checked} points were drawn");
}

#[test]
fn drawings_are_correct_or_an_error() {
    let mut passed = 0;
    for seed in 0..ROUNDS {
        let random = &mut Random::new(seed);
        let kinds = [
            " ", "─", "│", "┌", "┐", "└", "┘", "╴", "╵", "╶", "╷", "▼", "→", "|", "━", "═", "╳",
            "x", "日", "\t",
        ];
        // With more kinds of glyphs, hardly any drawing would be correct.
        let kinds: Vec<&str> = (0..4).map(|_| random.one_of(&kinds)).collect();
        let cells = 1 + random.below(6);
        let text: String = (0..cells)
            .map(|_| {
                if random.one_in(3) {
                    "\n"
                } else {
                    random.one_of(&kinds)
                }
            })
            .collect();
        let drawing = Drawing { text };
        passed += usize::from(drawn(&drawing.into(), random.below(80)).is_some());
    }
    assert!(passed > 100, "only {passed} drawings were correct");
}

/// Returns a block that contains the mark `<name>`, and the lines that must appear in its box.
fn block(random: &mut Random, name: &str, plain: bool) -> (Block, Vec<String>) {
    let mark = format!("<{name}>");
    if plain && random.one_in(2) {
        let items: Vec<String> = (0..1 + random.below(3))
            .map(|item| format!("<{name}.{item}> x"))
            .collect();
        let lines = std::iter::once(&mark).chain(&items).cloned().collect();
        return (Block::default().text(mark).branches(items), lines);
    }
    if plain {
        return (Block::from(mark.as_str()), vec![mark]);
    }
    let mut block = Block::default();
    let mut lines = vec![mark.clone()];
    let line = |random: &mut Random| {
        let mut text = random.text(24).replace(['\t', '\n', '→'], "-");
        if !random.one_in(20) {
            text.retain(|glyph| glyph.is_ascii() || glyph == 'é');
        }
        text.trim().to_owned()
    };
    if random.one_in(3) {
        block = Block::titled(mark);
    } else {
        block = block.text(mark);
    }
    for _ in 0..random.below(3) {
        match random.below(5) {
            0 => {
                let item = format!("item {}", line(random)).trim().to_owned();
                block = block.branches([item.as_str()]);
                lines.push(item);
            }
            1 => {
                let text = format!("in {}", line(random)).trim().to_owned();
                block = block.holding(Block::titled("title").text(text.as_str()));
                lines.extend(["title".to_owned(), text]);
            }
            _ => {
                let (first, second) = (line(random), line(random));
                block = block.text(format!("{first}\n  {second}"));
                lines.extend([first, second]);
            }
        }
    }
    block.align = random.one_of(&[None, None, Some(Align::Left), Some(Align::Centre)]);
    (block, lines)
}

/// Returns a flow, the lines of text in each of its boxes, and the boxes without a border.
fn flow(random: &mut Random) -> (Flow, BTreeMap<String, Vec<String>>, BTreeSet<String>) {
    let mut flow = Flow::new();
    let (mut texts, mut plain) = (BTreeMap::new(), BTreeSet::new());
    for layer in 0..1 + random.below(5) {
        let most = random.one_of(&[1, 2, 4]);
        let nodes = (0..1 + random.below(most)).map(|index| {
            let name = format!("{layer}{index}");
            let is_plain = random.one_in(6);
            let (block, lines) = block(random, &name, is_plain);
            texts.insert(name.clone(), lines);
            if is_plain {
                plain.insert(name.clone());
                Node::plain(name, block)
            } else {
                Node::new(name, block)
            }
        });
        let nodes: Vec<Node> = nodes.collect();
        flow = flow.layer(nodes);
    }
    let layers = flow.layers.len();
    let name = |random: &mut Random, flow: &Flow, layer: usize| {
        let nodes = &flow.layers[layer];
        nodes[random.below(nodes.len())].name.clone()
    };
    for index in 0..random.below(layers * 5) {
        let upper = random.below(layers);
        let skip = if random.one_in(4) {
            2 + random.below(2)
        } else {
            1
        };
        let lower = (upper + skip).min(layers - 1);
        if upper == lower && !random.one_in(30) {
            continue;
        }
        let (mut from, mut to) = (name(random, &flow, upper), name(random, &flow, lower));
        if random.one_in(4) {
            (from, to) = (to, from);
        }
        let mut arrow = Arrow::new(from, to);
        if random.one_in(4) {
            arrow = arrow.labelled(match random.below(3) {
                0 => format!("[{index}]"),
                1 => format!("[{index} with a label]"),
                _ => format!("[{index}]\n[{index} again]"),
            });
        }
        // Most arrows are added only if the flow can still be drawn, or hardly any flow could be.
        flow.arrows.push(arrow);
        if flow.check().is_err() && !random.one_in(60) {
            flow.arrows.pop();
        }
    }
    if random.one_in(4) {
        flow = flow
            .titled("a title that may be too long for one line")
            .note("a note");
    }
    (flow, texts, plain)
}

#[test]
fn a_flow_can_be_read_back() {
    let (mut boxes, mut arrows, mut labels) = (0, 0, 0);
    for seed in 0..ROUNDS / 2 {
        let random = &mut Random::new(seed);
        let (flow, texts, plain) = flow(random);
        let width = width(random);
        let picture = Picture::from(flow.clone());
        let Some(text) = drawn(&picture, width) else {
            // What passes its check fits somewhere.
            if flow.check().is_ok() {
                assert!(flow.svg(Theme::Light).is_ok(), "{flow:?}");
                assert!(flow.text(usize::MAX).is_ok(), "{flow:?}");
            }
            continue;
        };
        assert_eq!(check_boxes(&text), Ok(()), "{text}");
        let json = picture.json().unwrap();
        assert_eq!(Picture::from_json(&json), Ok(picture));
        let names: Vec<String> = texts.keys().cloned().collect();
        let reading = Reading::new(&text, &names, &plain);
        reading.assert_apart();
        for (name, lines) in &texts {
            let inside = reading.inside(name);
            let mut rows = inside.iter();
            for line in lines.iter().filter(|line| !line.is_empty()) {
                assert!(
                    rows.any(|row| row.contains(line.as_str())),
                    "{line:?} of {name} is missing:\n{text}"
                );
            }
            boxes += 1;
        }
        let wanted: BTreeSet<(String, String)> = flow
            .arrows
            .iter()
            .map(|arrow| (arrow.from.clone(), arrow.to.clone()))
            .collect();
        assert_eq!(reading.arrows(), wanted, "seed {seed}:\n{text}");
        for arrow in &flow.arrows {
            for line in arrow.label.iter().flat_map(|label| label.lines()) {
                let beside = reading.labelled(line);
                let own = BTreeSet::from([(arrow.from.clone(), arrow.to.clone())]);
                assert_eq!(beside, own, "{line}:\n{text}");
                labels += 1;
            }
        }
        arrows += wanted.len();
    }
    assert!(boxes > 2_000, "only {boxes} boxes were drawn");
    assert!(arrows > 1_000, "only {arrows} arrows were drawn");
    assert!(labels > 200, "only {labels} labels were drawn");
}
