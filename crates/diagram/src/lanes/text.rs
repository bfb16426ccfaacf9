//! Lanes in plain text.

use super::layout::{self, Layout};
use super::{Lanes, Mark, Step};
use crate::painted::{self, Line, Painted};
use crate::{Error, Meaning, cells};

pub(super) fn draw(picture: &Lanes, width: usize) -> Result<Painted, Error> {
    let layout = Layout::fit(picture, width)?;
    let mut lines: Vec<Line> = Vec::new();
    if let Some(title) = &picture.title {
        lines.extend(cells::wrap(title, width, 0, "").into_iter().map(Line::from));
        lines.push(Line::default());
    }
    let name_lines = layout.names.iter().map(Vec::len).max().unwrap_or(0);
    for index in 0..name_lines {
        let mut line = Line::default();
        for (lane, name) in layout.names.iter().enumerate() {
            line.pad(layout.start(lane));
            let name = name.get(index).map_or("", String::as_str);
            line.push(name, Meaning::Thread(lane));
        }
        lines.push(line);
    }
    for (index, (step, step_lines)) in picture.steps.iter().zip(&layout.steps).enumerate() {
        let number = format!("{:>number$}", index + 1, number = layout.number);
        let mut line = Line::all(&number, Meaning::Guide);
        for step_line in step_lines {
            draw_line(&mut line, step, step_line, layout.start(step.lane));
            lines.push(std::mem::take(&mut line));
        }
    }
    if let Some(outcome) = picture.outcome() {
        let verdict = picture.verdict.as_ref().map(|it| "× ".len() + it.len());
        let plain = outcome.len() - verdict.unwrap_or(0);
        lines.extend(painted::wrap(&outcome, width, plain, Meaning::Failure));
    }
    for note in &picture.notes {
        lines.extend(cells::wrap(note, width, 0, "").into_iter().map(Line::from));
    }
    Ok(Painted::of(lines))
}

/// Appends a line of a step, which starts in the cell `start`. In the tail, the mark has a meaning of its own.
fn draw_line(line: &mut Line, step: &Step, drawn: &layout::Line, start: usize) {
    let thread = Meaning::Thread(step.lane);
    line.pad(start);
    line.push(&drawn.text, thread);
    let Some((at, tail)) = &drawn.tail else {
        return;
    };
    line.pad(start + at);
    let mark = step.mark.map(|mark| (mark, mark.words()));
    match mark.and_then(|(mark, words)| Some((tail.strip_suffix(words)?, mark))) {
        Some((value, mark)) => {
            line.push(value, thread);
            line.push(mark.words(), mark.meaning());
        }
        // A narrow lane breaks the mark's words.
        None => match step.mark {
            Some(mark) if step.value.is_none() => line.push(tail, mark.meaning()),
            _ => line.push(tail, thread),
        },
    }
}

impl Mark {
    fn meaning(self) -> Meaning {
        match self {
            Mark::Stale => Meaning::Stale,
            Mark::Blocked => Meaning::Waiting,
            Mark::Panicked => Meaning::Failure,
        }
    }
}
