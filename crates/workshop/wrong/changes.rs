//! Writes the program of each answer. An answer is a few changes to an exercise or to its solution.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-changed=.");
    println!("cargo::rerun-if-changed=../exercises");
    println!("cargo::rerun-if-changed=../solutions");
    let (mut programs, mut list) = (String::new(), String::new());
    for exercise in fs::read_dir("../exercises").expect("the exercises") {
        let folder = exercise.expect("a chapter").path();
        let chapter = folder.file_name().expect("a name").display().to_string();
        for exercise in fs::read_dir(&folder).expect("a chapter") {
            let path = exercise.expect("an exercise").path();
            let name = path.file_stem().expect("a name").display().to_string();
            let answers = answers(&chapter, &name);
            let wrong = answers.iter().filter(|it| !it.sentence.starts_with('✓'));
            assert!(
                wrong.count() >= 3,
                "{name} has fewer than three wrong answers"
            );
            writeln!(programs, "pub mod {name} {{").unwrap();
            for answer in answers {
                let Answer {
                    name: of,
                    sentence,
                    endless,
                    program,
                } = answer;
                writeln!(
                    programs,
                    "pub mod {of} {{\nuse crate::prelude::*;\n{program}\n}}"
                )
                .unwrap();
                writeln!(
                    list,
                    "Answer {{ name: \"{name}::{of}\", sentence: {sentence:?}, endless: {endless}, main: {name}::{of}::main }},"
                )
                .unwrap();
            }
            writeln!(programs, "}}").unwrap();
        }
    }
    let out = env::var("OUT_DIR").expect("a build script's folder");
    let code = format!("{programs}pub const ANSWERS: &[Answer] = &[\n{list}];");
    fs::write(Path::new(&out).join("answers.rs"), code).expect("a file in the target folder");
}

struct Answer {
    name: String,
    sentence: String,
    endless: bool,
    program: String,
}

/// Reads the answers to an exercise.
fn answers(chapter: &str, exercise: &str) -> Vec<Answer> {
    let read =
        |path: String| fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let file = format!("{chapter}/{exercise}.diff");
    let mut programs = BTreeMap::from(["exercises", "solutions"].map(|folder| {
        let name = if folder == "exercises" {
            "starter"
        } else {
            "solution"
        };
        (
            name.to_owned(),
            bare(&read(format!("../{folder}/{chapter}/{exercise}.rs"))),
        )
    }));
    let (mut answers, mut sentence) = (Vec::new(), String::new());
    let text = read(file.clone());
    let mut lines = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .peekable();
    while let Some(line) = lines.next() {
        let Some(heading) = line.strip_prefix("@ ") else {
            // An empty line ends a group of answers.
            match line {
                "" => sentence.clear(),
                _ if sentence.is_empty() => line.clone_into(&mut sentence),
                _ => sentence = format!("{sentence} {line}"),
            }
            continue;
        };
        let (name, base) = heading
            .split_once(": ")
            .unwrap_or_else(|| panic!("{file}: {line:?} names no base"));
        let (base, endless) = base
            .strip_suffix(", endless")
            .map_or((base, false), |base| (base, true));
        let mut program = programs
            .get(base)
            .unwrap_or_else(|| {
                panic!(
                    "{file}: {base:?} is neither `starter`, `solution` nor an answer above {name}"
                )
            })
            .clone();
        loop {
            let mut side = |sign: char| {
                let mut side = Vec::new();
                while let Some(line) = lines.next_if(|line| line.starts_with(sign)) {
                    side.push(line[1..].trim());
                }
                side.join("\n")
            };
            let (old, new) = (side('-'), side('+'));
            if old.is_empty() {
                assert!(
                    new.is_empty(),
                    "{file}: a `+` in {name} has no `-` above it"
                );
                break;
            }
            program = replaced(&program, &old, &new).unwrap_or_else(|| {
                panic!("{file}: this isn't in the {base} that {name} changes:\n{old}")
            });
        }
        programs.insert(name.to_owned(), program.clone());
        answers.push(Answer {
            name: name.to_owned(),
            sentence: sentence.clone(),
            endless,
            program,
        });
    }
    answers
}

/// Removes what doesn't count in a comparison: comments, empty lines and indentation.
fn bare(program: &str) -> String {
    let lines = program.lines().map(str::trim);
    let lines = lines
        .filter(|line| !line.is_empty() && !line.starts_with("//") && !line.starts_with("#!["));
    let program = lines.collect::<Vec<_>>().join("\n");
    program.replace("fn main()", "pub fn main()")
}

/// Replaces text wherever it occurs. A line `…` in it stands for any lines. Returns `None` if the text doesn't occur.
fn replaced(program: &str, old: &str, new: &str) -> Option<String> {
    let Some((first, last)) = old.split_once("\n…\n") else {
        return program.contains(old).then(|| program.replace(old, new));
    };
    let (before, rest) = program.split_once(first)?;
    let (_, after) = rest.split_once(last)?;
    Some(format!("{before}{new}{after}"))
}
