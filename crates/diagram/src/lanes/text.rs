//! Lanes in plain text.

use super::Lanes;
use super::layout::Layout;
use crate::{Error, cells};

pub(super) fn draw(picture: &Lanes, width: usize) -> Result<String, Error> {
    let layout = Layout::fit(picture, width)?;
    let mut lines = Vec::new();
    if let Some(title) = &picture.title {
        lines.extend(cells::wrap(title, width, 0, ""));
        lines.push(String::new());
    }
    let name_lines = layout.names.iter().map(Vec::len).max().unwrap_or(0);
    for index in 0..name_lines {
        let mut line = String::new();
        for (lane, name) in layout.names.iter().enumerate() {
            line = cells::pad(&line, layout.start(lane));
            line.push_str(name.get(index).map_or("", String::as_str));
        }
        lines.push(line);
    }
    for (index, (step, step_lines)) in picture.steps.iter().zip(&layout.steps).enumerate() {
        let mut gutter = format!("{:>number$}", index + 1, number = layout.number);
        for line in step_lines {
            lines.push(cells::pad(&gutter, layout.start(step.lane)) + &line.cells());
            gutter.clear();
        }
    }
    for text in picture.outcome().iter().chain(&picture.notes) {
        lines.extend(cells::wrap(text, width, 0, ""));
    }
    Ok(lines
        .iter()
        .map(|line| format!("{}\n", line.trim_end()))
        .collect())
}
