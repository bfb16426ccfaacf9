//! One program for as many changes to a chapter as possible.

use std::collections::BTreeSet;
use std::mem;
use std::path::PathBuf;

use weakening::switch::Switched;

use crate::build::{Errors, Selection, build};
use crate::chapter::{Chapter, Lines};
use crate::copy::{Changed, Copy};
use crate::models::{Models, Verdict};

/// A chapter, and the program with its changes, one of which is made when it runs.
pub(crate) struct Combined<'a> {
    chapter: &'a Chapter<'a>,
    selection: &'a Selection,
    copy: &'a Copy,
    /// The numbers of the changes in the program. Each of the others is compiled alone.
    numbers: BTreeSet<usize>,
    /// The kernels with these changes, while they are in the copy.
    written: Vec<Changed>,
    state: State,
}

enum State {
    /// The program compiles, or isn't compiled yet.
    Open(Vec<Switched>),
    /// The program, whose models pass without a change.
    Program(Models),
    /// There is none.
    Alone,
}

/// Compiles a program for each chapter, all of them together. A change that doesn't compile with the others is left
/// out.
///
/// # Errors
///
/// Cargo or a program can't be run, or a file can't be written.
pub(crate) fn combine<'a>(
    chapters: &'a [Chapter<'a>],
    selection: &'a Selection,
    copy: &'a Copy,
) -> Result<Vec<Combined<'a>>, String> {
    let mut all = Vec::new();
    for chapter in chapters {
        let mut combined = Combined {
            chapter,
            selection,
            copy,
            numbers: (0..chapter.changes()).collect(),
            written: Vec::new(),
            state: State::Alone,
        };
        combined.write()?;
        all.push(combined);
    }
    while all.iter().any(Combined::is_open) {
        let mut built = build(selection, copy)?;
        let mut settled = false;
        for combined in all.iter_mut().filter(|combined| combined.is_open()) {
            // Without a result, a crate that this chapter depends on doesn't compile: the next time it does.
            if let Some(result) = built.remove(combined.chapter.name()) {
                combined.settle(result)?;
                settled = true;
            }
        }
        if !settled {
            return Err("cargo compiled no unit tests of the chapters".to_owned());
        }
    }
    Ok(all)
}

impl Combined<'_> {
    fn is_open(&self) -> bool {
        matches!(self.state, State::Open(_))
    }

    /// Writes the kernels with the changes whose numbers are left.
    fn write(&mut self) -> Result<(), String> {
        self.written.clear();
        self.state = State::Alone;
        if !self.numbers.is_empty() {
            let switched = self.chapter.switched(&self.numbers);
            self.written = self.chapter.write(&switched)?;
            self.state = State::Open(switched);
        }
        Ok(())
    }

    /// Takes the program, or leaves out the changes because of which there is none.
    fn settle(&mut self, result: Result<PathBuf, Errors>) -> Result<(), String> {
        let State::Open(switched) = &self.state else {
            return Ok(());
        };
        match result {
            Ok(program) => {
                let kept = format!("{}-models", self.chapter.name());
                let kept = self.copy.root().join(kept);
                let mut models = self.chapter.models(program)?.kept(&kept)?;
                if self.chapter.unchanged(&mut models)? == Verdict::Passed {
                    self.state = State::Program(models);
                    return Ok(());
                }
                self.numbers.clear();
            }
            Err(errors) => {
                let blamed = self.chapter.blamed(&errors, switched, &self.numbers);
                match blamed.is_empty() {
                    true => self.numbers.clear(),
                    false => self.numbers.retain(|number| !blamed.contains(number)),
                }
            }
        }
        self.write()
    }

    /// Makes every change and prints what the models make of it. Returns how many changes survive without a reason.
    ///
    /// # Errors
    ///
    /// The models fail without a change, or for another reason than an execution.
    pub(crate) fn weaken(&mut self) -> Result<usize, String> {
        let chapter = self.chapter;
        println!("── {}", chapter.name());
        let state = mem::replace(&mut self.state, State::Alone);
        if let State::Alone = state {
            self.check_unchanged()?;
        }
        let mut lines = Lines::new(chapter);
        for number in 0..chapter.changes() {
            if !self.numbers.contains(&number) {
                lines.add(number, self.alone(number)?);
            }
        }
        if let State::Program(models) = state {
            let numbers: Vec<usize> = self.numbers.iter().copied().collect();
            models
                .verdicts(&numbers, |number, verdict| {
                    let survives = verdict == Verdict::Passed && !chapter.is_harmless(number);
                    let verdict = match survives {
                        // With no other change to the chapter compiled in, so that it is certain.
                        true => self.alone(number)?,
                        false => verdict,
                    };
                    lines.add(number, verdict);
                    Ok(())
                })
                .map_err(|error| chapter.said(&error))?;
        }
        Ok(lines.survivors())
    }

    /// Without a change, the models have to pass.
    fn check_unchanged(&mut self) -> Result<(), String> {
        self.written.clear();
        let verdict = match self.build()? {
            Ok(program) => self.chapter.unchanged(&mut self.chapter.models(program)?)?,
            Err(errors) => {
                let printed = errors.printed;
                return Err(self.chapter.said(&format!("they don't compile\n{printed}")));
            }
        };
        match verdict {
            Verdict::Passed => Ok(()),
            other => Err(self.chapter.said(&format!("without a change: {other}"))),
        }
    }

    /// Makes one change and no other.
    fn alone(&mut self, number: usize) -> Result<Verdict, String> {
        self.written.clear();
        let changed = self.chapter.with(number)?;
        let built = self.build();
        drop(changed);
        match built? {
            Ok(program) => self.chapter.unchanged(&mut self.chapter.models(program)?),
            Err(_) => Ok(Verdict::Refused),
        }
    }

    /// Compiles the chapter as it is in the copy now. The other chapters stay as they are, or they would be compiled
    /// again.
    fn build(&self) -> Result<Result<PathBuf, Errors>, String> {
        let name = self.chapter.name();
        let built = build(self.selection, self.copy)?.remove(name);
        built.ok_or_else(|| format!("cargo compiled no unit tests of {name}"))
    }
}
