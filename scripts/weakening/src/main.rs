//! Weakens the kernels of chapters, on a copy, and runs the chapters' models on each change.

mod build;
mod chapter;
mod combined;
mod copy;
mod models;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;

use crate::build::Selection;
use crate::chapter::Chapter;
use crate::combined::combine;
use crate::copy::Copy;

/// Weakens each kernel of the chapters, one change at a time, and looks for a model that fails.
#[derive(Parser)]
#[command(name = "weakening")]
struct Arguments {
    /// The folders of the chapters, from the current folder, which is the repository's root
    #[arg(required = true, value_name = "FOLDER")]
    chapters: Vec<PathBuf>,
    /// Compiles the packages of the whole workspace together, which takes what its tests have compiled
    #[arg(long)]
    workspace: bool,
    /// Where the copy of the sources is kept
    #[arg(long, value_name = "DIR", default_value = "target/weaken")]
    copy: PathBuf,
    /// How many seconds a model may take. A change that makes it run longer counts as noticed
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    patience: u64,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(survivors) => {
            let changes = if survivors == 1 { "change" } else { "changes" };
            eprintln!(
                "scripts/weaken: {survivors} {changes} survived: add a `fix_` model that fails, or a comment on \
                 the line that says why the change is harmless: // weaken: …"
            );
            ExitCode::FAILURE
        }
        Err(message) => {
            eprintln!("scripts/weaken: {message}");
            ExitCode::from(2)
        }
    }
}

/// Returns how many changes survived without a reason.
fn run(arguments: &Arguments) -> Result<usize, String> {
    let copy = Copy::new(&arguments.copy)?;
    let patience = Duration::from_secs(arguments.patience);
    let chapters = arguments.chapters.iter();
    let chapters = chapters.map(|folder| Chapter::read(folder, &copy, patience));
    let chapters = chapters.collect::<Result<Vec<_>, String>>()?;
    let names = chapters.iter().map(|chapter| chapter.name().to_owned());
    let selection = match arguments.workspace {
        true => Selection::Workspace,
        false => Selection::Packages(names.collect()),
    };
    let mut survivors = 0;
    let mut all = combine(&chapters, &selection, &copy)?;
    for combined in &mut all {
        survivors += combined.weaken()?;
    }
    Ok(survivors)
}
