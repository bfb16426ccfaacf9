//! Weakens the kernels of one chapter.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use weakening::switch::{FUNCTION, Switched};
use weakening::{Change, changes, is_kernel};

use crate::build::Errors;
use crate::copy::{Changed, Copy};
use crate::models::{Models, Verdict};

/// A chapter whose kernels are weakened.
pub(crate) struct Chapter<'a> {
    package: String,
    folder: &'a Path,
    kernels: Vec<Kernel>,
    /// Every change, with the index of its kernel. A change's index is its number.
    changes: Vec<(usize, Change)>,
    copy: &'a Copy,
    /// How long a model may take.
    patience: Duration,
}

struct Kernel {
    path: PathBuf,
    source: String,
}

impl<'a> Chapter<'a> {
    /// Reads a chapter's kernels.
    ///
    /// # Errors
    ///
    /// A file can't be read or parsed, there is no kernel, or a kernel has nothing to weaken.
    pub(crate) fn read(
        folder: &'a Path,
        copy: &'a Copy,
        patience: Duration,
    ) -> Result<Chapter<'a>, String> {
        let kernels = kernels(folder)?;
        let mut all = Vec::new();
        for (index, Kernel { path, source }) in kernels.iter().enumerate() {
            let found = changes(source).map_err(|error| format!("{}: {error}", path.display()))?;
            if found.is_empty() {
                return Err(format!(
                    "{} has nothing to weaken: no ordering above Relaxed, no read-modify-write, no lock held over \
                     two statements",
                    path.display()
                ));
            }
            all.extend(found.into_iter().map(|change| (index, change)));
        }
        Ok(Chapter {
            package: package(folder)?,
            folder,
            kernels,
            changes: all,
            copy,
            patience,
        })
    }

    /// The name of its package.
    pub(crate) fn name(&self) -> &str {
        &self.package
    }

    /// How many changes there are.
    pub(crate) fn changes(&self) -> usize {
        self.changes.len()
    }

    /// Whether a comment says why the change is harmless.
    pub(crate) fn is_harmless(&self, number: usize) -> bool {
        self.changes[number].1.harmless.is_some()
    }

    /// Writes a kernel of the copy with one change, until the result is dropped.
    pub(crate) fn with(&self, number: usize) -> Result<Changed, String> {
        let (kernel, change) = &self.changes[number];
        let Kernel { path, source } = &self.kernels[*kernel];
        self.copy.with(path, &change.applied(source))
    }

    /// The kernels with the changes whose numbers are in a set. One of them is chosen when the program runs.
    pub(crate) fn switched(&self, numbers: &BTreeSet<usize>) -> Vec<Switched> {
        let kernels = self.kernels.iter().enumerate();
        kernels
            .map(|(kernel, it)| Switched::new(&it.source, &self.some(kernel, numbers)))
            .collect()
    }

    /// Runs the models without a change.
    pub(crate) fn unchanged(&self, models: &mut Models) -> Result<Verdict, String> {
        models.unchanged().map_err(|error| self.said(&error))
    }

    /// The models in a program.
    pub(crate) fn models(&self, program: PathBuf) -> Result<Models, String> {
        Models::new(program, self.copy.path(self.folder), self.patience)
            .map_err(|error| self.said(&error))
    }

    /// The changes of a kernel whose numbers are in a set.
    fn some(&self, kernel: usize, numbers: &BTreeSet<usize>) -> Vec<(usize, &Change)> {
        let changes = numbers
            .iter()
            .map(|number| (*number, &self.changes[*number]));
        let changes = changes.filter(|(_, (of, _))| *of == kernel);
        changes
            .map(|(number, (_, change))| (number, change))
            .collect()
    }

    /// Writes the kernels with their changes, and the function that chooses one of them.
    pub(crate) fn write(&self, switched: &[Switched]) -> Result<Vec<Changed>, String> {
        let root = self.folder.join("src/lib.rs");
        let mut sources = BTreeMap::from([(&root, read(&root)?)]);
        for (kernel, switched) in self.kernels.iter().zip(switched) {
            sources.insert(&kernel.path, switched.source.clone());
        }
        *sources.get_mut(&root).expect("it was inserted") += FUNCTION;
        let write = |(path, source): (&PathBuf, String)| self.copy.with(path, &source);
        sources.into_iter().map(write).collect()
    }

    /// The changes because of which the compiler refuses the kernels: those in whose code it finds an error, or else
    /// all of a kernel with an error.
    pub(crate) fn blamed(
        &self,
        errors: &Errors,
        switched: &[Switched],
        numbers: &BTreeSet<usize>,
    ) -> BTreeSet<usize> {
        let mut blamed = BTreeSet::new();
        let mut kernels = BTreeSet::new();
        for place in &errors.places {
            let of = |kernel: &Kernel| place.file.ends_with(&kernel.path);
            if let Some(kernel) = self.kernels.iter().position(of) {
                blamed.extend(switched[kernel].changes_in(&place.range));
                kernels.insert(kernel);
            }
        }
        if blamed.is_empty() {
            let of = |number: &&usize| kernels.contains(&self.changes[**number].0);
            blamed.extend(numbers.iter().filter(of));
        }
        blamed
    }

    /// An error of the models, with the chapter's name.
    pub(crate) fn said(&self, error: &str) -> String {
        format!("the models of {}: {error}", self.package)
    }
}

/// Prints a line for each change, in order.
pub(crate) struct Lines<'a> {
    chapter: &'a Chapter<'a>,
    verdicts: BTreeMap<usize, Verdict>,
    printed: usize,
    /// The changes printed so far that survive without a reason.
    survivors: usize,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(chapter: &'a Chapter<'a>) -> Lines<'a> {
        Lines {
            chapter,
            verdicts: BTreeMap::new(),
            printed: 0,
            survivors: 0,
        }
    }

    /// How many of the changes printed so far survive without a reason.
    pub(crate) fn survivors(&self) -> usize {
        self.survivors
    }

    /// Prints a change's line once those before it are printed.
    pub(crate) fn add(&mut self, number: usize, verdict: Verdict) {
        self.verdicts.insert(number, verdict);
        while let Some(verdict) = self.verdicts.get(&self.printed) {
            let (kernel, change) = &self.chapter.changes[self.printed];
            self.survivors += usize::from(*verdict == Verdict::Passed && change.harmless.is_none());
            println!(
                "{}",
                line(&self.chapter.kernels[*kernel].path, change, verdict)
            );
            self.printed += 1;
        }
    }
}

/// `src/registry.rs:49  AcqRel → Acquire: fails fix_nothing_arrives_after_unregister`.
fn line(path: &Path, change: &Change, verdict: &Verdict) -> String {
    let verdict = match (verdict, &change.harmless) {
        (Verdict::Passed, Some(reason)) => format!("harmless: {reason}"),
        (Verdict::Passed, None) => "SURVIVED".to_owned(),
        (failed, _) => failed.to_string(),
    };
    let at = format!("{}:{}", path.display(), change.line);
    format!("{at}  {}: {verdict}", change.what)
}

/// The name in a chapter's Cargo.toml.
fn package(chapter: &Path) -> Result<String, String> {
    let path = chapter.join("Cargo.toml");
    let manifest = read(&path)?;
    let name = manifest
        .lines()
        .find_map(|line| line.strip_prefix("name = "));
    let name = name.ok_or_else(|| format!("{} names no package", path.display()))?;
    Ok(name.trim_matches('"').to_owned())
}

/// The chapter's kernels, in the order of their paths.
fn kernels(chapter: &Path) -> Result<Vec<Kernel>, String> {
    let folder = chapter.join("src");
    let entries =
        fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut kernels = Vec::new();
    for entry in entries {
        let path = entry
            .map_err(|error| format!("{}: {error}", folder.display()))?
            .path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            let source = read(&path)?;
            if is_kernel(&source) {
                kernels.push(Kernel { path, source });
            }
        }
    }
    if kernels.is_empty() {
        return Err(format!(
            "{} has no kernel: no module that uses crate::sync",
            folder.display()
        ));
    }
    kernels.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(kernels)
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}
