//! Bars as an SVG document.

use super::{Bars, Figures};
use crate::Theme;
use crate::svg::{Anchor, Canvas, Font, Rect, estimate};

const MARGIN: f64 = 32.0;
const PLOT: f64 = 440.0;
const ROW: f64 = 38.0;
const BAR: f64 = 22.0;
const SIZE: f64 = 15.0;
const GAP: f64 = 20.0;

pub(super) fn draw(picture: &Bars, theme: Theme) -> String {
    let mut canvas = Canvas::new(theme);
    let palette = canvas.palette;
    let plain = Font::new(SIZE, palette.text);
    let muted = Font::new(13.0, palette.muted);
    let figures: Vec<Figures> = picture.figures();

    let labels = picture
        .rows
        .iter()
        .map(|row| estimate(&row.label, SIZE))
        .fold(0.0, f64::max);
    let left = MARGIN + labels + 16.0;
    let unit = |row: &Figures| {
        format!("{} {}", row.value, picture.unit)
            .trim_end()
            .to_owned()
    };
    let values = figures
        .iter()
        .map(|row| estimate(&unit(row), SIZE))
        .fold(0.0, f64::max)
        * 1.06;
    let widest = |text: fn(&Figures) -> Option<&String>| {
        let widths = figures
            .iter()
            .filter_map(text)
            .map(|text| estimate(text, 13.0) + GAP);
        widths.fold(0.0, f64::max)
    };
    // Values and ratios are right-aligned at these; spreads start between them.
    let values_right = left + PLOT + GAP + values;
    let ratios_right =
        values_right + widest(|row| row.spread.as_ref()) + widest(|row| row.ratio.as_ref());
    let mut width = ratios_right + MARGIN;
    let mut y = MARGIN;
    if let Some(title) = &picture.title {
        canvas.text(
            MARGIN,
            y + 16.0,
            title,
            Font::new(20.0, palette.text).bold(),
        );
        width = width.max(MARGIN * 2.0 + estimate(title, 20.0));
        y += 44.0;
    }

    let highest = |row: &super::Measurement| row.spread().map_or(row.value, |(_, high)| high);
    let most = picture.rows.iter().map(highest).fold(0.0, f64::max);
    let x = |value: f64| {
        if most > 0.0 {
            left + value / most * PLOT
        } else {
            left
        }
    };
    let bottom = y + ROW * picture.rows.len() as f64;
    canvas.line((left, y), (left, bottom), palette.grid, 2.0);
    for (row, figures) in picture.rows.iter().zip(&figures) {
        let base = y + ROW / 2.0 + 5.0;
        canvas.text(left - 16.0, base, &row.label, plain.anchored(Anchor::End));
        if row.value > 0.0 {
            let width = (x(row.value) - left).max(2.0);
            let bar = Rect {
                x: left,
                y: y + (ROW - BAR) / 2.0,
                width,
                height: BAR,
            };
            canvas.rect(bar, (width / 2.0).min(4.0), palette.accent);
        }
        if let Some((low, high)) = row.spread() {
            whisker(&mut canvas, x(low), x(high), y + ROW / 2.0);
        }
        canvas.text(
            values_right,
            base,
            &unit(figures),
            plain.bold().anchored(Anchor::End),
        );
        if let Some(spread) = &figures.spread {
            canvas.text(values_right + GAP, base, spread, muted);
        }
        if let Some(ratio) = &figures.ratio {
            canvas.text(ratios_right, base, ratio, muted.anchored(Anchor::End));
        }
        y += ROW;
    }
    y += 4.0;
    for note in &picture.notes {
        y += 24.0;
        canvas.text(MARGIN, y, note, plain);
        width = width.max(MARGIN * 2.0 + estimate(note, SIZE));
    }
    let title = picture.title.as_deref().unwrap_or("Measurements");
    canvas.finish(width, y + MARGIN - 8.0, title, &describe(picture, &figures))
}

/// Draws a whisker from the lowest to the highest value. An edge in the background's colour makes it
/// visible on the bar as well as beside it.
fn whisker(canvas: &mut Canvas, low: f64, high: f64, y: f64) {
    let palette = canvas.palette;
    for (colour, width) in [(palette.background, 4.5), (palette.text, 1.5)] {
        canvas.line((low, y), (high, y), colour, width);
        for x in [low, high] {
            canvas.line((x, y - 5.0), (x, y + 5.0), colour, width);
        }
    }
}

pub(super) fn describe(picture: &Bars, figures: &[Figures]) -> String {
    let row = |(row, figures): (&super::Measurement, &Figures)| {
        let more = [&figures.spread, &figures.ratio].into_iter().flatten();
        let more: String = more.map(|text| format!(" {text}")).collect();
        format!("{}: {} {}{more}", row.label, figures.value, picture.unit)
    };
    picture
        .rows
        .iter()
        .zip(figures)
        .map(row)
        .collect::<Vec<_>>()
        .join("\n")
}
