//! Combines changes into one source that chooses among them at run time, so that one build is enough
//! for all of them.

use std::cmp::Reverse;
use std::ops::Range;

use crate::change::Change;

/// The environment variable with the number of the change to make. Without it, nothing is changed.
pub const VARIABLE: &str = "WEAKENED";

/// The value of [`VARIABLE`] with which nothing is changed, and a line on stderr says which changes could have been
/// made: `reached 3`.
pub const RECORD: &str = "record";

/// The function that a combined source calls. It belongs at the end of the crate's `lib.rs`.
pub const FUNCTION: &str = r#"
pub(crate) fn weakened(change: usize) -> bool {
    use std::io::Write;
    use std::sync::{LazyLock, Mutex};

    static CHOSEN: LazyLock<String> = LazyLock::new(|| std::env::var("WEAKENED").unwrap_or_default());
    static NUMBER: LazyLock<Option<usize>> = LazyLock::new(|| CHOSEN.parse().ok());
    static REACHED: Mutex<Vec<usize>> = Mutex::new(Vec::new());

    if *CHOSEN == "record" {
        let mut reached = REACHED.lock().expect("no panic while it is held");
        if !reached.contains(&change) {
            reached.push(change);
            let _ = writeln!(std::io::stderr(), "reached {change}");
        }
    }
    *NUMBER == Some(change)
}
"#;

/// A source file with changes that are chosen at run time.
#[derive(Debug, Default)]
pub struct Switched {
    /// The source.
    pub source: String,
    /// The number of each change, and the bytes of `source` that make it.
    arms: Vec<(usize, Range<usize>)>,
}

impl Switched {
    /// Combines the numbered changes to a source. With the number of a change in [`VARIABLE`], the code does the same
    /// as with [`Change::applied`].
    pub fn new(source: &str, changes: &[(usize, &Change)]) -> Switched {
        let mut changes = changes.to_vec();
        // An outer range before the ranges inside it.
        changes.sort_by_key(|(_, change)| (change.range.start, Reverse(change.range.end)));
        let mut switched = Switched::default();
        switched.copy(source, 0..source.len(), &changes);
        switched
    }

    /// Returns the numbers of the changes that are made in a range of the source.
    pub fn changes_in(&self, range: &Range<usize>) -> impl Iterator<Item = usize> {
        let overlaps = |arm: &Range<usize>| arm.start < range.end && range.start < arm.end;
        let arms = self.arms.iter().filter(move |(_, arm)| overlaps(arm));
        arms.map(|(number, _)| *number)
    }

    /// Writes a range of the original, with the changes inside it.
    fn copy(&mut self, source: &str, range: Range<usize>, mut changes: &[(usize, &Change)]) {
        let mut done = range.start;
        while let Some((_, first)) = changes.first() {
            let outer = first.range.clone();
            let inside = changes.partition_point(|(_, it)| it.range.start < outer.end);
            let (within, rest) = changes.split_at(inside);
            let alternatives = within.partition_point(|(_, it)| it.range == outer);
            let (alternatives, nested) = within.split_at(alternatives);

            self.source.push_str(&source[done..outer.start]);
            self.choose(source, outer.clone(), alternatives, nested);
            done = outer.end;
            changes = rest;
        }
        self.source.push_str(&source[done..range.end]);
    }

    /// Writes an expression or a statement with its alternatives.
    fn choose(
        &mut self,
        source: &str,
        original: Range<usize>,
        alternatives: &[(usize, &Change)],
        nested: &[(usize, &Change)],
    ) {
        let expressions = || alternatives.iter().filter(|(_, it)| it.retaken.is_none());
        if expressions().next().is_some() {
            self.source.push('(');
            for (number, change) in expressions() {
                let code = format!("if crate::weakened({number}) {{ {} }}", change.replacement);
                self.arm(*number, &code);
                self.source.push_str(" else ");
            }
            self.source.push_str("{ ");
            self.copy(source, original, nested);
            self.source.push_str(" })");
        } else {
            self.copy(source, original, nested);
        }
        for (number, change) in alternatives {
            if let Some((guard, lock)) = &change.retaken {
                self.source.push(' ');
                let chosen = format!("if crate::weakened({number}) {{ drop({guard}); {lock} }}");
                self.arm(
                    *number,
                    &format!("let mut {guard} = {chosen} else {{ {guard} }};"),
                );
            }
        }
    }

    fn arm(&mut self, number: usize, code: &str) {
        let start = self.source.len();
        self.source.push_str(code);
        self.arms.push((number, start..self.source.len()));
    }
}
