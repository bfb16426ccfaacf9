//! A chart as an SVG document.

use super::axis::Axis;
use super::row::in_order;
use super::{Bar, End, Gantt, Row};
use crate::svg::{Anchor, Canvas, Font, Px, Rect, estimate};
use crate::{Error, Theme};

const MARGIN: f64 = 32.0;
const PLOT: f64 = 640.0;
const ROW: f64 = 32.0;
const BAR: f64 = 20.0;
const SIZE: f64 = 15.0;
/// The ticks are the same as in a text chart of this many cells.
const PLOT_CELLS: usize = 60;

fn axis(chart: &Gantt) -> Result<Axis, Error> {
    let edges: Vec<f64> = chart
        .bars()
        .flat_map(|bar| [bar.start_ms, bar.end_ms])
        .collect();
    Axis::fit(&edges, PLOT_CELLS, PLOT_CELLS + 10).ok_or_else(|| Error::NoRoom {
        what: format!("a time axis up to {:e}ms", chart.total_ms()),
        width: PLOT_CELLS,
    })
}

pub(super) fn draw(chart: &Gantt, theme: Theme) -> Result<String, Error> {
    let axis = axis(chart)?;
    let mut canvas = Canvas::new(theme);
    let palette = canvas.palette;
    let plain = Font::new(SIZE, palette.text);
    let small = Font::new(13.0, palette.muted);

    let labels = chart
        .bar_rows()
        .map(|(label, _)| estimate(label, SIZE))
        .fold(40.0, f64::max);
    let left = MARGIN + labels + 16.0;
    let mut width = left + PLOT + MARGIN + 16.0;
    let mut y = MARGIN;
    if let Some(title) = &chart.title {
        canvas.text(MARGIN, y + 16.0, title, plain_title(palette.text));
        width = width.max(MARGIN * 2.0 + estimate(title, 20.0));
        y += 44.0;
    }
    let scale = Scale {
        left,
        ms: axis.longest_ms(),
    };

    let rows_top = y + 26.0;
    let rows_bottom = rows_top + ROW * chart.rows.len() as f64;
    canvas.text(MARGIN, y + 12.0, "Time", small);
    for tick in axis.ticks() {
        let x = scale.x(tick.ms);
        canvas.line((x, rows_top - 4.0), (x, rows_bottom), palette.grid, 1.0);
        canvas.text(x, y + 12.0, &tick.label, small.anchored(Anchor::Middle));
    }
    y = rows_top;
    for row in &chart.rows {
        let base = y + ROW / 2.0 + 5.0;
        match row {
            Row::Heading(text) => {
                cover_grid(&mut canvas, y, MARGIN, estimate(text, SIZE));
                canvas.text(MARGIN, base, text, plain.bold());
                width = width.max(MARGIN * 2.0 + estimate(text, SIZE) * 1.06);
            }
            Row::Elided(rows) => {
                let text = format!("… {rows} more");
                cover_grid(&mut canvas, y, MARGIN, estimate(&text, 13.0));
                canvas.text(MARGIN, base, &text, small);
            }
            Row::Bars { label, bars } => {
                let shown = label.trim_start();
                let indent = (label.len() - shown.len()) as f64 * 8.0;
                canvas.text(MARGIN + indent, base, shown, plain);
                // From last to first, so that the cross of a short bar is drawn over the next bar.
                for bar in in_order(bars).into_iter().rev() {
                    let times = format!("{} to {}", axis.time(bar.start_ms), axis.time(bar.end_ms));
                    let name = bar.label.as_deref().unwrap_or(shown);
                    canvas.open(&format!("{name}: {times}{}", ending(bar.end)));
                    draw_bar(&mut canvas, bar, &scale, y + (ROW - BAR) / 2.0);
                    canvas.close();
                }
            }
        }
        y += ROW;
    }

    y += 30.0;
    let total = format!("Total: {}", axis.total());
    canvas.text(MARGIN, y, &total, plain.bold());
    legend(
        &mut canvas,
        chart,
        MARGIN + estimate(&total, SIZE) * 1.06 + 40.0,
        y,
    );
    for note in &chart.notes {
        y += 24.0;
        canvas.text(MARGIN, y, note, plain);
        width = width.max(MARGIN * 2.0 + estimate(note, SIZE));
    }
    let title = chart.title.as_deref().unwrap_or("Gantt chart");
    Ok(canvas.finish(width, y + MARGIN - 8.0, title, &describe(chart, &axis)))
}

fn plain_title(colour: &'static str) -> Font {
    Font::new(20.0, colour).bold()
}

/// Maps times to x coordinates.
struct Scale {
    left: f64,
    /// The time at the right side of the plot; not 0.
    ms: f64,
}

impl Scale {
    fn x(&self, ms: f64) -> f64 {
        self.left + ms / self.ms * PLOT
    }
}

/// Covers the grid behind text.
fn cover_grid(canvas: &mut Canvas, y: f64, x: f64, width: f64) {
    let rect = Rect {
        x,
        y: y + 2.0,
        width: width * 1.06,
        height: ROW - 4.0,
    };
    canvas.rect(rect, 0.0, canvas.palette.background);
}

/// Draws a bar. A bar that was cut off ends in a cross and one that is still running in a point, so
/// that the difference doesn't depend on colour.
fn draw_bar(canvas: &mut Canvas, bar: &Bar, scale: &Scale, y: f64) {
    let palette = canvas.palette;
    let x = scale.x(bar.start_ms);
    // Leave a hairline between bars that touch, and draw something for a bar of length 0.
    let width = (scale.x(bar.end_ms) - x - 1.5).max(3.0);
    let rect = Rect {
        x,
        y,
        width,
        height: BAR,
    };
    let right = x + width;
    match bar.end {
        End::Finished => canvas.rect(rect, (width / 2.0).min(5.0), palette.accent),
        End::CutOff => {
            canvas.rect(rect, (width / 2.0).min(5.0), palette.bad);
            // Inside the bar if there is room, so that it doesn't cover the next one.
            let inside = if width > 24.0 { BAR / 2.0 } else { 0.0 };
            cross(canvas, right - inside, y + BAR / 2.0);
        }
        End::Unfinished => {
            let point = (width / 2.0).min(BAR / 2.0);
            let (x1, x2, x3) = (Px(x), Px(right - point), Px(right));
            let (y1, y2, y3) = (Px(y), Px(y + BAR / 2.0), Px(y + BAR));
            let fill = palette.open;
            canvas.put(format_args!(
                "<path d=\"M{x1} {y1}L{x2} {y1}L{x3} {y2}L{x2} {y3}L{x1} {y3}Z\" fill=\"{fill}\"/>"
            ));
        }
    }
    if let Some(label) = &bar.label
        && estimate(label, 13.0) + 10.0 <= width
    {
        let font = Font::new(13.0, palette.on_bar)
            .bold()
            .anchored(Anchor::Middle);
        canvas.text(x + width / 2.0, y + BAR / 2.0 + 4.5, label, font);
    }
}

/// Draws a cross on a disc, which is visible on any background.
fn cross(canvas: &mut Canvas, x: f64, y: f64) {
    let palette = canvas.palette;
    let (cx, cy) = (Px(x), Px(y));
    let (background, bad) = (palette.background, palette.bad);
    canvas.put(format_args!(
        "<circle cx=\"{cx}\" cy=\"{cy}\" r=\"8\" fill=\"{background}\" stroke=\"{bad}\" stroke-width=\"2\"/>"
    ));
    canvas.line((x - 4.0, y - 4.0), (x + 4.0, y + 4.0), bad, 2.5);
    canvas.line((x - 4.0, y + 4.0), (x + 4.0, y - 4.0), bad, 2.5);
}

/// Explains the ends of bars, if any bar didn't finish.
fn legend(canvas: &mut Canvas, chart: &Gantt, x: f64, y: f64) {
    let mut x = x;
    let font = Font::new(13.0, canvas.palette.muted);
    let scale = Scale { left: x, ms: PLOT };
    for (end, name) in [(End::CutOff, "cut off"), (End::Unfinished, "still running")] {
        if chart.bars().any(|bar| bar.end == end) {
            let start_ms = x - scale.left;
            let bar = Bar {
                start_ms,
                end_ms: start_ms + 28.0,
                end,
                label: None,
            };
            draw_bar(canvas, &bar, &scale, y - 15.0);
            canvas.text(x + 44.0, y, name, font);
            x += 44.0 + estimate(name, 13.0) + 28.0;
        }
    }
}

fn ending(end: End) -> &'static str {
    match end {
        End::Finished => "",
        End::CutOff => ", cut off",
        End::Unfinished => ", still running",
    }
}

/// Describes the chart in words.
pub(super) fn description(chart: &Gantt) -> Result<String, Error> {
    Ok(describe(chart, &axis(chart)?))
}

fn describe(chart: &Gantt, axis: &Axis) -> String {
    let rows = chart.bar_rows().map(|(label, bars)| {
        let times = bars.iter().map(|bar| {
            let (start, end) = (axis.time(bar.start_ms), axis.time(bar.end_ms));
            format!("{start} to {end}{}", ending(bar.end))
        });
        let times: Vec<String> = times.collect();
        format!("{}: {}", label.trim(), times.join("; "))
    });
    let total = format!("Total: {}", axis.total());
    let lines: Vec<String> = rows
        .chain([total])
        .chain(chart.notes.iter().cloned())
        .collect();
    lines.join("\n")
}
