//! Runs the preprocessor for mdBook; with `deck FOLDER FILE`, makes a deck of slides of the built book. See the library.

use std::path::Path;
use std::process::ExitCode;
use std::{fs, io};

use mdbook_preprocessor::book::BookItem;
use mdbook_preprocessor::parse_input;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    if let [job, folder, out] = words[..]
        && job == "deck"
    {
        return exit(
            book_figures::deck(Path::new(folder))
                .and_then(|deck| fs::write(out, deck).map_err(|error| format!("{out}: {error}"))),
        );
    }
    let job = if words.first() == Some(&"trim") {
        words.remove(0);
        Job::Trim
    } else {
        Job::Figures
    };
    if words.first() == Some(&"supports") {
        // Figures are HTML; any other renderer gets the Markdown as it is written.
        return match words.get(1) {
            Some(&"html") => ExitCode::SUCCESS,
            _ => ExitCode::FAILURE,
        };
    }
    exit(run(job))
}

fn exit(result: Result<(), String>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("book-figures: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The two passes: figures before mdBook resolves the includes, trimming after.
#[derive(Clone, Copy)]
enum Job {
    Figures,
    Trim,
}

fn run(job: Job) -> Result<(), String> {
    let (context, mut book) = parse_input(io::stdin()).map_err(|error| error.to_string())?;
    let source = context.root.join(&context.config.book.src);
    let mut failed = None;
    book.for_each_mut(|item| {
        let BookItem::Chapter(chapter) = item else {
            return;
        };
        let Some(path) = &chapter.source_path else {
            return;
        };
        let folder = source.join(path);
        let folder = folder.parent().unwrap_or(&source);
        let made = match job {
            Job::Figures => book_figures::page(&chapter.content, folder),
            Job::Trim => Ok(book_figures::trimmed(&chapter.content)),
        };
        match made {
            Ok(content) => chapter.content = content,
            Err(error) => failed = Some(format!("{}: {error}", path.display())),
        }
    });
    if let Some(error) = failed {
        return Err(error);
    }
    serde_json::to_writer(io::stdout(), &book).map_err(|error| error.to_string())
}
