//! What a grader returns, and how an exercise ends.

use std::fmt::{self, Display};
use std::process::{ExitCode, Termination};

use diagram::Lanes;
use interleave::Call;
use timeline::Recording;

/// The result of grading an answer. An exercise's `main` returns it. It prints itself, and the exit status is 0 for a
/// right answer and 1 for any other.
#[derive(Debug)]
#[must_use]
pub struct Verdict {
    kind: Kind,
    picture: Picture,
    sentence: String,
    means: Means,
}

/// How grading ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The answer is right.
    Right,
    /// The answer is wrong.
    Wrong,
    /// The explorer can't explore the answer.
    Refused,
    /// A loop of operations never ends.
    Spins,
    /// The answer panicked.
    Panicked,
    /// The answer never ends.
    Endless,
}

/// What the answer did, as data; drawn when it is printed.
#[derive(Debug, Default)]
pub(crate) enum Picture {
    #[default]
    None,
    /// An execution, and its operations.
    Execution(Box<(Lanes, Vec<Call>)>),
    /// A timeline, with the wanted one if the two can be compared.
    Timeline {
        yours: Recording,
        wanted: Option<Recording>,
    },
}

/// How an exercise is graded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Means {
    /// The code is explored, and Clippy checks what the explorer can't see.
    Explored,
    /// The code runs on a paused clock.
    VirtualTime,
    /// The answer is a list of predicted outcomes.
    Predicted,
}

impl Verdict {
    pub(crate) fn right(sentence: impl Into<String>) -> Verdict {
        Verdict::of(Kind::Right, Picture::None, sentence)
    }

    pub(crate) fn wrong(picture: Picture, sentence: impl Into<String>) -> Verdict {
        Verdict::of(Kind::Wrong, picture, sentence)
    }

    /// Passes a run without a complaint. With one, the timeline is the picture.
    pub(crate) fn unless(complaint: Option<String>, yours: Recording) -> Result<(), Verdict> {
        let wanted = None;
        complaint.map_or(Ok(()), |sentence| {
            Err(Verdict::wrong(
                Picture::Timeline { yours, wanted },
                sentence,
            ))
        })
    }

    pub(crate) fn of(kind: Kind, picture: Picture, sentence: impl Into<String>) -> Verdict {
        Verdict {
            kind,
            picture,
            sentence: sentence.into(),
            means: Means::Predicted,
        }
    }

    /// Puts words before the sentence.
    pub(crate) fn prefixed(mut self, words: &str) -> Verdict {
        self.sentence = format!("{words} {}", self.sentence);
        self
    }

    /// Replaces the sentence about a loop of operations.
    pub(crate) fn spinning(mut self, sentence: &str) -> Verdict {
        if self.kind == Kind::Spins {
            self.sentence = sentence.to_owned();
        }
        self
    }

    /// Sets how the answer was graded.
    pub(crate) fn by(self, means: Means) -> Verdict {
        Verdict { means, ..self }
    }

    /// Changes how the execution is drawn.
    pub(crate) fn redrawn(mut self, draw: impl FnOnce(&mut Lanes, &[Call])) -> Verdict {
        if let Picture::Execution(drawn) = &mut self.picture {
            draw(&mut drawn.0, &drawn.1);
        }
        self
    }

    /// Returns the exit status of the exercise.
    pub(crate) fn status(&self) -> u8 {
        u8::from(self.kind != Kind::Right)
    }
}

impl Termination for Verdict {
    fn report(self) -> ExitCode {
        print!("{self}");
        ExitCode::from(self.status())
    }
}

impl Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.means == Means::Explored {
            // Cargo reports Clippy's errors as "could not compile", although the exercise has compiled.
            writeln!(
                f,
                "Compiled and graded. (If an error stands above this line, it comes from Clippy. Fix it, too.)\n"
            )?;
        }
        match &self.picture {
            Picture::None => {}
            Picture::Execution(drawn) => writeln!(f, "{}", drawn.0)?,
            Picture::Timeline { yours, wanted } => {
                writeln!(f, "Yours:\n{}", Drawn(yours))?;
                if let Some(wanted) = wanted {
                    writeln!(f, "Wanted:\n{}", Drawn(wanted))?;
                }
            }
        }
        wrapped(f, &self.sentence)
    }
}

/// Draws a timeline, or says that nothing ran.
struct Drawn<'a>(&'a Recording);

impl Display for Drawn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.spans.is_empty() {
            true => writeln!(f, "(nothing ran)"),
            false => self.0.gantt().fmt(f),
        }
    }
}

/// Breaks text into lines of at most 80 characters, the width of a picture.
fn wrapped(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    for line in text.lines() {
        let mut width = 0;
        for word in line.split(' ') {
            let length = word.chars().count();
            if width > 0 && width + 1 + length > 80 {
                writeln!(f)?;
                width = 0;
            } else if width > 0 {
                write!(f, " ")?;
                width += 1;
            }
            write!(f, "{word}")?;
            width += length;
        }
        writeln!(f)?;
    }
    Ok(())
}
