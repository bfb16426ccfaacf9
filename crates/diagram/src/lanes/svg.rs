//! Lanes as an SVG document.

use super::layout::{Layout, Line};
use super::{Lanes, Mark, Step};
use crate::svg::{CELL, Canvas, Font, Rect, estimate};
use crate::{Error, Theme, WIDTH};

const MARGIN: f64 = 32.0;
const SIZE: f64 = 15.0;
const LINE: f64 = 22.0;
/// The space above and below the text of a step, added together.
const PADDING: f64 = 12.0;
/// The space between a lane's left side and its text.
const INSET: f64 = 12.0;

pub(super) fn draw(picture: &Lanes, theme: Theme) -> Result<String, Error> {
    // An SVG document may be as wide as its lanes need.
    let layout = Layout::fit(picture, WIDTH.max(picture.lanes.len() * 24 + 8))?;
    let mut canvas = Canvas::new(theme);
    let palette = canvas.palette;
    let plain = Font::new(SIZE, palette.text);
    let x = |cell: usize| MARGIN + INSET + cell as f64 * SIZE * CELL;
    let right = x(layout.end()) + INSET;
    let mut width = right + MARGIN;
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

    let name_lines = layout.names.iter().map(Vec::len).max().unwrap_or(0);
    for (lane, names) in layout.names.iter().enumerate() {
        for (index, name) in names.iter().enumerate() {
            canvas.text(
                x(layout.start(lane)),
                y + 14.0 + index as f64 * LINE,
                name,
                Font::new(SIZE, palette.thread(lane)).bold(),
            );
        }
    }
    y += name_lines as f64 * LINE + 6.0;
    let top = y;
    let bottom = top + layout.steps.iter().map(|lines| height(lines)).sum::<f64>();
    for (index, (step, lines)) in picture.steps.iter().zip(&layout.steps).enumerate() {
        let height = height(lines);
        if index % 2 == 0 {
            let stripe = Rect {
                x: MARGIN,
                y,
                width: right - MARGIN,
                height,
            };
            canvas.rect(stripe, 4.0, palette.panel);
        }
        let base = y + PADDING / 2.0 + 16.0;
        let number = format!("{:>width$}", index + 1, width = layout.number);
        canvas.code(x(0), base, &number, Font::new(SIZE, palette.muted));
        canvas.open(&format!("{}. {}", index + 1, sentence(picture, step)));
        draw_step(&mut canvas, step, lines, x(layout.start(step.lane)), base);
        canvas.close();
        y += height;
    }
    // Draw a rule down each lane. The text is to its right, so nothing interrupts it. Where the thread takes a step, the
    // rule is thick and has the thread's colour.
    for lane in 0..picture.lanes.len() {
        let x = x(layout.start(lane)) - INSET;
        canvas.line((x, top), (x, bottom.max(top + LINE)), palette.grid, 2.0);
    }
    let mut y_of_step = top;
    for (step, lines) in picture.steps.iter().zip(&layout.steps) {
        let x = x(layout.start(step.lane)) - INSET;
        let next = y_of_step + height(lines);
        let (from, to) = ((x, y_of_step), (x, next));
        canvas.line(from, to, palette.thread(step.lane), 5.0);
        y_of_step = next;
    }
    y = bottom.max(top + LINE);

    if picture.result.is_some() || picture.verdict.is_some() {
        y += 32.0;
        width = width.max(outcome(&mut canvas, picture, y) + MARGIN);
    }
    for note in &picture.notes {
        y += 24.0;
        canvas.text(MARGIN, y, note, plain);
        width = width.max(MARGIN * 2.0 + estimate(note, SIZE));
    }
    let title = picture.title.as_deref().unwrap_or("Execution");
    Ok(canvas.finish(width, y + MARGIN - 8.0, title, &describe(picture)))
}

fn height(lines: &[Line]) -> f64 {
    lines.len() as f64 * LINE + PADDING
}

/// Draws the text of a step from `x` on, its first line with the baseline `base`.
fn draw_step(canvas: &mut Canvas, step: &Step, lines: &[Line], x: f64, base: f64) {
    let palette = canvas.palette;
    let tail_colour = match step.mark {
        None => palette.thread(step.lane),
        Some(Mark::Stale) => palette.odd,
        Some(Mark::Blocked) => palette.waiting,
        Some(Mark::Panicked) => palette.bad,
    };
    let mut base = base;
    for line in lines {
        let text = Font::new(SIZE, palette.text);
        canvas.code(x, base, &line.text, text);
        if let Some((start, tail)) = &line.tail {
            let tail_font = Font::new(SIZE, tail_colour);
            let tail_font = if step.mark.is_some() {
                tail_font.bold()
            } else {
                tail_font
            };
            canvas.code(x + *start as f64 * SIZE * CELL, base, tail, tail_font);
        }
        base += LINE;
    }
}

/// Draws the result and the verdict. Returns the x coordinate of their end.
fn outcome(canvas: &mut Canvas, picture: &Lanes, y: f64) -> f64 {
    let palette = canvas.palette;
    let mut x = MARGIN;
    if let Some(result) = &picture.result {
        let text = format!("Result: {result}");
        canvas.text(x, y, &text, Font::new(SIZE, palette.text).bold());
        x += estimate(&text, SIZE) * 1.06 + 24.0;
    }
    if let Some(verdict) = &picture.verdict {
        for (from, to) in [(-5.0, 5.0), (5.0, -5.0)] {
            canvas.line(
                (x, y - 5.0 + from),
                (x + 10.0, y - 5.0 + to),
                palette.bad,
                2.5,
            );
        }
        canvas.text(x + 18.0, y, verdict, Font::new(SIZE, palette.bad).bold());
        x += 18.0 + estimate(verdict, SIZE) * 1.06;
    }
    x
}

fn sentence(picture: &Lanes, step: &Step) -> String {
    let tail = step
        .tail()
        .map(|tail| format!(" {tail}"))
        .unwrap_or_default();
    format!("{}: {}{tail}", picture.lanes[step.lane], step.text)
}

pub(super) fn describe(picture: &Lanes) -> String {
    let steps = picture.steps.iter().enumerate();
    let steps = steps.map(|(index, step)| format!("{}. {}", index + 1, sentence(picture, step)));
    let lines: Vec<String> = steps.chain(picture.outcome()).collect();
    lines.join("\n")
}
