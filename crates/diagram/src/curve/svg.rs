//! Curves as an SVG document.

use super::ruler::{MOST_STEPS, Ruler};
use super::style::Style;
use super::{Curve, Line};
use crate::Theme;
use crate::svg::{Anchor, Canvas, Font, Px, estimate};

const MARGIN: f64 = 32.0;
const WIDE: f64 = 480.0;
const HIGH: f64 = 320.0;
const SIZE: f64 = 15.0;
/// The distance from the plot to the labels of the curves.
const BESIDE: f64 = 36.0;
/// The smallest distance between two labels of curves.
const APART: f64 = 20.0;

pub(super) fn draw(picture: &Curve, theme: Theme) -> String {
    let mut canvas = Canvas::new(theme);
    let palette = canvas.palette;
    let plain = Font::new(SIZE, palette.text);
    let muted = Font::new(13.0, palette.muted);
    let lines = picture.lines();
    let plot = Plot::new(picture);
    let mut width = plot.left + WIDE + MARGIN;
    let mut widen = |left: f64, text: &str, size| {
        width = width.max(left + estimate(text, size) * 1.06 + MARGIN);
    };

    if let Some(title) = &picture.title {
        let font = Font::new(20.0, palette.text).bold();
        canvas.text(MARGIN, MARGIN + 16.0, title, font);
        widen(MARGIN, title, 20.0);
    }
    let heading = picture.y.heading();
    canvas.text(MARGIN, plot.top - 18.0, &heading, muted.bold());
    widen(MARGIN, &heading, 13.0);
    axes(&mut canvas, &plot, muted);
    let bottom = plot.top + HIGH;
    let heading = picture.x.heading();
    canvas.text(plot.left, bottom + 44.0, &heading, muted.bold());
    widen(plot.left, &heading, 13.0);

    // From last to first, so that the first curve is on top, as in the list of labels.
    for (index, line) in lines.iter().enumerate().rev() {
        canvas.open(&picture.describe(line));
        curve(&mut canvas, &plot, line, Style::of(index));
        canvas.close();
    }
    let x = plot.left + WIDE + BESIDE;
    let ends: Vec<(f64, f64)> = lines.iter().map(|line| plot.end(line)).collect();
    let heights = apart(&ends.iter().map(|(_, y)| *y).collect::<Vec<_>>());
    for (index, ((line, end), height)) in lines.iter().zip(ends).zip(&heights).enumerate() {
        canvas.line((end.0 + 8.0, end.1), (x - 10.0, *height), palette.grid, 1.0);
        Style::of(index).mark(&mut canvas, x, *height);
        canvas.text(x + 14.0, height + 5.0, &line.label, plain);
        widen(x + 14.0, &line.label, SIZE);
    }
    let lowest = heights.iter().copied().fold(0.0, f64::max);
    let mut y = (bottom + 52.0).max(lowest + 16.0);
    for note in &picture.notes {
        y += 24.0;
        canvas.text(MARGIN, y, note, plain);
        widen(MARGIN, note, SIZE);
    }
    let title = picture.title.as_deref().unwrap_or("Curves");
    canvas.finish(width, y + MARGIN - 8.0, title, &picture.words())
}

/// Where the plot is, and its axes.
struct Plot {
    left: f64,
    top: f64,
    across: Ruler,
    up: Ruler,
}

impl Plot {
    fn new(picture: &Curve) -> Plot {
        let across = Ruler::new(
            picture.x.scale,
            &picture.values(|point| point.0),
            MOST_STEPS,
        );
        let up = Ruler::new(
            picture.y.scale,
            &picture.values(|point| point.1),
            MOST_STEPS,
        );
        let labels = up.labels();
        let widths = labels.iter().map(|label| estimate(label, 13.0));
        let title = if picture.title.is_some() { 44.0 } else { 0.0 };
        Plot {
            left: MARGIN + widths.fold(24.0, f64::max) + 12.0,
            top: MARGIN + title + 32.0,
            across,
            up,
        }
    }

    fn point(&self, &(x, y): &(f64, f64)) -> (f64, f64) {
        let (x, y) = (self.across.position(x), self.up.position(y));
        (self.left + x * WIDE, self.top + (1.0 - y) * HIGH)
    }

    /// Returns a curve's last point.
    fn end(&self, line: &Line<'_>) -> (f64, f64) {
        let last = line.points.last();
        last.map_or((self.left, self.top), |point| self.point(point))
    }
}

/// Draws a line of the grid for each tick, and its label.
fn axes(canvas: &mut Canvas, plot: &Plot, font: Font) {
    let grid = canvas.palette.grid;
    let (left, top, bottom) = (plot.left, plot.top, plot.top + HIGH);
    for (tick, label) in plot.up.labels().iter().enumerate() {
        let y = bottom - tick as f64 / plot.up.steps as f64 * HIGH;
        canvas.line((left, y), (left + WIDE, y), grid, 1.0);
        canvas.text(left - 10.0, y + 4.5, label, font.anchored(Anchor::End));
    }
    for (tick, label) in plot.across.labels().iter().enumerate() {
        let x = left + tick as f64 / plot.across.steps as f64 * WIDE;
        canvas.line((x, top), (x, bottom), grid, 1.0);
        canvas.text(x, bottom + 22.0, label, font.anchored(Anchor::Middle));
    }
}

/// Draws one curve: a line through its points, and a mark at each.
fn curve(canvas: &mut Canvas, plot: &Plot, line: &Line<'_>, style: Style) {
    let points: Vec<(f64, f64)> = line.points.iter().map(|point| plot.point(point)).collect();
    let path = points.iter().enumerate().map(|(index, (x, y))| {
        let command = if index == 0 { 'M' } else { 'L' };
        format!("{command}{} {}", Px(*x), Px(*y))
    });
    style.path(canvas, &path.collect::<String>());
    for (x, y) in points {
        style.mark(canvas, x, y);
    }
}

/// Moves labels down until they are apart. Returns their heights in the order given. Of two at the same height, the
/// first stays above.
fn apart(wanted: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|a, b| wanted[*a].total_cmp(&wanted[*b]));
    let mut heights = wanted.to_vec();
    let mut free = f64::MIN;
    for index in order {
        heights[index] = wanted[index].max(free);
        free = heights[index] + APART;
    }
    heights
}
