//! A program that draws pictures by name: what the chapters' examples have in common.
//!
//! ```
//! use std::process::ExitCode;
//!
//! use interleave::gallery::{Gallery, Picture};
//!
//! fn main() -> ExitCode {
//!     let gallery = Gallery {
//!         about: "Explores the races of chapter 7 and their fixes, and draws one execution of each.",
//!         command: "cargo run -p atomics --example race",
//!         pictures: &[Picture {
//!             name: "lost-update",
//!             shows: "two increments by load and store: one is lost",
//!             draw: || "…".to_owned(),
//!         }],
//!     };
//!     gallery.main()
//! }
//! ```

use std::env::args;
use std::fmt;
use std::io::{Write, stdout};
use std::process::ExitCode;

/// A name on the command line, what it shows, and how to draw that.
pub struct Picture {
    /// The name on the command line, of lower-case letters, digits and hyphens.
    pub name: &'static str,
    /// What the picture shows, for `--help`: half a sentence.
    pub shows: &'static str,
    /// Draws the picture. It may explore a model, which can take seconds.
    pub draw: fn() -> String,
}

/// All pictures of one program. Its `Display` is the text of `--help`.
pub struct Gallery {
    /// What the program does, in a sentence.
    pub about: &'static str,
    /// The command that runs the program, without arguments for it.
    pub command: &'static str,
    /// The pictures, in the order in which they are drawn.
    pub pictures: &'static [Picture],
}

impl Gallery {
    /// Draws the pictures that the program's arguments name, or all if there is no argument.
    ///
    /// `--help` prints the names. A name without a picture is an error with status 2, and then nothing is drawn.
    pub fn main(&self) -> ExitCode {
        let arguments: Vec<String> = args().skip(1).collect();
        if arguments.iter().any(|it| it == "--help" || it == "-h") {
            return printed(&self.to_string());
        }
        match self.chosen(&arguments) {
            Ok(chosen) => chosen
                .into_iter()
                .map(|Picture { name, draw, .. }| printed(&format!("── {name}\n{}\n", draw())))
                .find(|&printed| printed != ExitCode::SUCCESS)
                .unwrap_or(ExitCode::SUCCESS),
            Err(unknown) => {
                eprintln!("There is no picture named '{unknown}'; --help lists the names.");
                ExitCode::from(2)
            }
        }
    }

    /// The named pictures, or all; in order, each once. `Err` is the first name without a picture.
    pub fn chosen<'a>(&self, names: &'a [String]) -> Result<Vec<&'static Picture>, &'a str> {
        let unknown = |name: &&String| !self.pictures.iter().any(|it| it.name == **name);
        if let Some(name) = names.iter().find(unknown) {
            return Err(name);
        }
        let is_chosen =
            |it: &&Picture| names.is_empty() || names.iter().any(|name| name == it.name);
        Ok(self.pictures.iter().filter(is_chosen).collect())
    }
}

impl fmt::Display for Gallery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Gallery {
            about,
            command,
            pictures,
        } = self;
        let run = command.len() + " -- NAME ...".len();
        writeln!(f, "{about}\n")?;
        writeln!(f, "  {command:<run$}   draws all pictures")?;
        writeln!(f, "  {command} -- NAME ...   draws the named pictures\n")?;
        let width = pictures.iter().map(|it| it.name.len()).max().unwrap_or(0);
        for Picture { name, shows, .. } in *pictures {
            writeln!(f, "  {name:<width$}   {shows}")?;
        }
        Ok(())
    }
}

/// Prints. `FAILURE` if nobody reads on, such as after `| head`.
fn printed(text: &str) -> ExitCode {
    match stdout().write_all(text.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
