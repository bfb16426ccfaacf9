//! Arranges steps and names in their lanes.

use std::collections::BTreeMap;

use super::{Lanes, Step};
use crate::{Error, cells};

/// The smallest number of blank cells between two lanes.
const GAP: usize = 4;
/// Blank cells between two lanes if there is room.
const WIDE_GAP: usize = 8;
/// Blank cells between the longest text of a lane and its arrow.
const TAIL_GAP: usize = 3;
/// The smallest number of blank cells between a text and its arrow.
const NARROW_TAIL_GAP: usize = 2;
/// A narrower lane would break every word.
const NARROWEST: usize = 8;
/// The indent of a broken text's continuation lines.
const HANG: usize = 2;
/// The characters after which code may be broken, besides blanks.
const BREAKS: &str = "(,._";

/// The lanes of one picture, broken into lines that fit.
pub(super) struct Layout {
    /// The width of the steps' numbers, in cells.
    pub(super) number: usize,
    /// The distance between the starts of two adjacent lanes, in cells.
    pitch: usize,
    /// The width of each lane, in cells.
    lane: usize,
    /// The name of each lane, as lines.
    pub(super) names: Vec<Vec<String>>,
    /// The lines of each step; at least one.
    pub(super) steps: Vec<Vec<Line>>,
}

/// One line of a step, no wider than its lane.
#[derive(Default)]
pub(super) struct Line {
    pub(super) text: String,
    /// The step's value and mark, and the cell of the lane in which they start.
    pub(super) tail: Option<(usize, String)>,
}

impl Layout {
    pub(super) fn fit(picture: &Lanes, width: usize) -> Result<Layout, Error> {
        let number = picture.steps.len().to_string().len().max(3);
        let lanes = picture.lanes.len();
        let gaps = (lanes - 1).saturating_mul(GAP) + number + 3;
        let most = width.saturating_sub(gaps) / lanes;
        if most < NARROWEST {
            let what = format!("{lanes} lanes of at least {NARROWEST} cells");
            return Err(Error::NoRoom { what, width });
        }
        let long = |step: &Step| step.text.clone();
        let short = |step: &Step| step.short.clone().unwrap_or_else(|| step.text.clone());
        let (needed, steps) = aligned(&picture.steps, long, most)
            .or_else(|| broken_where_no_short_text(&picture.steps, long, most))
            .or_else(|| aligned(&picture.steps, short, most))
            .unwrap_or_else(|| (most, broken(&picture.steps, short, most)));
        let names = picture
            .lanes
            .iter()
            .map(|name| cells::width(name))
            .max()
            .unwrap_or(0);
        let lane = needed.max(names.min(most)).max(NARROWEST);
        let names = picture
            .lanes
            .iter()
            .map(|name| cells::wrap(name, lane, 0, ""))
            .collect();
        let spare = most.saturating_sub(lane) * lanes / lanes.saturating_sub(1).max(1);
        let pitch = lane + (GAP + spare).min(WIDE_GAP);
        Ok(Layout {
            number,
            pitch,
            lane,
            names,
            steps,
        })
    }

    /// Returns the index of the cell in which `lane` starts.
    pub(super) fn start(&self, lane: usize) -> usize {
        self.number + 3 + lane * self.pitch
    }

    /// Returns the index of the cell after the last lane.
    pub(super) fn end(&self) -> usize {
        self.start(self.names.len() - 1) + self.lane
    }
}

impl Line {
    /// Formats the line as it appears in its lane.
    pub(super) fn cells(&self) -> String {
        match &self.tail {
            Some((start, tail)) => cells::pad(&self.text, *start) + tail,
            None => self.text.clone(),
        }
    }
}

/// Puts every step on one line. Returns the width needed, or `None` if that is more than `most` cells.
fn aligned(
    steps: &[Step],
    text: impl Fn(&Step) -> String,
    most: usize,
) -> Option<(usize, Vec<Vec<Line>>)> {
    let columns = columns(steps, &text, most);
    let lines: Option<Vec<Vec<Line>>> = steps
        .iter()
        .map(|step| Some(vec![one_line(step, text(step), columns[&step.lane], most)?]))
        .collect();
    let lines = lines?;
    let needed = lines
        .iter()
        .flatten()
        .map(|line| cells::width(&line.cells()))
        .max()
        .unwrap_or(0);
    Some((needed, lines))
}

/// Puts every step that has a short text on one line in its long form, and breaks the others. A long
/// message then doesn't shorten the rest.
fn broken_where_no_short_text(
    steps: &[Step],
    text: impl Fn(&Step) -> String,
    most: usize,
) -> Option<(usize, Vec<Vec<Line>>)> {
    let fits = |step: &Step| step.short.is_none() || one_line(step, text(step), 0, most).is_some();
    steps
        .iter()
        .all(fits)
        .then(|| (most, broken(steps, text, most)))
}

/// Breaks every step into as many lines as it needs in a lane of `width` cells.
fn broken(steps: &[Step], text: impl Fn(&Step) -> String, width: usize) -> Vec<Vec<Line>> {
    let columns = columns(steps, &text, width);
    let step_lines = |step: &Step| match one_line(step, text(step), columns[&step.lane], width) {
        Some(line) => vec![line],
        None => {
            let texts = cells::wrap(&text(step), width, HANG, BREAKS);
            let mut lines: Vec<Line> = texts
                .into_iter()
                .map(|text| Line { text, tail: None })
                .collect();
            let last = lines.pop().unwrap_or_default();
            match one_line(step, last.text.clone(), columns[&step.lane], width) {
                Some(line) => lines.push(line),
                None => {
                    lines.push(last);
                    let tail = step.tail().unwrap_or_default();
                    let tails = cells::wrap(&tail, width - HANG, HANG, BREAKS);
                    lines.extend(tails.into_iter().map(|tail| Line {
                        text: String::new(),
                        tail: Some((HANG, tail)),
                    }));
                }
            }
            lines
        }
    };
    steps.iter().map(step_lines).collect()
}

/// Returns the column of arrows in each lane: right of every text that is followed by an arrow and fits.
fn columns(steps: &[Step], text: impl Fn(&Step) -> String, most: usize) -> BTreeMap<usize, usize> {
    let mut columns = BTreeMap::new();
    for step in steps {
        let column = columns.entry(step.lane).or_insert(0);
        let text = text(step);
        if step.tail().is_some() && one_line(step, text.clone(), 0, most).is_some() {
            *column = (*column).max(cells::width(&text) + TAIL_GAP);
        }
    }
    columns
}

/// Puts a step on one line of `width` cells, with its arrow as close to `column` as possible. Returns
/// `None` if it doesn't fit.
fn one_line(step: &Step, text: String, column: usize, width: usize) -> Option<Line> {
    let used = cells::width(&text);
    let Some(tail) = step.tail() else {
        return (used <= width).then_some(Line { text, tail: None });
    };
    let first = used + NARROW_TAIL_GAP;
    let last = width.checked_sub(cells::width(&tail))?;
    let start = column.max(first).min(last);
    (start >= first).then_some(Line {
        text,
        tail: Some((start, tail)),
    })
}
