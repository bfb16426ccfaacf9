//! What the parts of a picture's text stand for.

/// What a part of a picture's text stands for. A page can give each meaning a colour.
///
/// The text says the same without colours: a thread has its lane, a curve its letter, and everything else a glyph or a
/// word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Meaning {
    /// A thread, by the index of its lane: its name and its steps.
    Thread(usize),
    /// A curve, by its index: its letter and its points.
    Series(usize),
    /// A span of work that finished, or the length of a measurement.
    Work,
    /// A span of work that is still running.
    Unfinished,
    /// Something that went wrong: a verdict, a panic, a span of work that was cut off.
    Failure,
    /// An outcome that is right.
    Success,
    /// A read that returned a value that was not the newest.
    Stale,
    /// A step that waits forever.
    Waiting,
    /// What only guides the eye: axes, the numbers of steps, boxes and arrows.
    Guide,
}

impl Meaning {
    /// Returns the meaning of a glyph that has the same meaning in all boxes and tables: the lines of boxes, the blocks of
    /// bars, and `✓` and `×` as words of their own. (In `2×3` the cross is a sign of arithmetic.)
    pub(crate) fn of_glyph(glyph: char, is_word: bool) -> Option<Meaning> {
        match glyph {
            '\u{2500}'..='\u{257F}' | '↑' | '→' | '↓' | '←' => Some(Meaning::Guide),
            '▆' | '▏' => Some(Meaning::Work),
            '✓' if is_word => Some(Meaning::Success),
            '×' if is_word => Some(Meaning::Failure),
            _ => None,
        }
    }
}
