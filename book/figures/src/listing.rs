//! Trims listings, and finds the command that runs their code.

use super::Block;

/// Returns the lines of a code block without the blank lines at both ends. If `is_code`, the indentation that the
/// lines share goes too, down to that of the fence, which is `outer`.
pub(crate) fn trimmed(lines: &[&str], outer: usize, is_code: bool) -> Vec<String> {
    let is_blank = |line: &&str| line.trim().is_empty();
    let first = lines.iter().position(|line| !is_blank(line)).unwrap_or(0);
    let last = lines.iter().rposition(|line| !is_blank(line));
    let lines = &lines[first..last.map_or(first, |last| last + 1)];
    let indent = |line: &&str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let shared = lines
        .iter()
        .filter(|line| !is_blank(line))
        .map(indent)
        .min();
    let cut = match shared {
        Some(shared) if is_code && shared > outer => outer..shared,
        _ => 0..0,
    };
    let trim = |line: &&str| match line.get(cut.clone()) {
        Some(_) => [&line[..cut.start], &line[cut.end..]].concat(),
        None => (*line).to_owned(), // blank, and shorter
    };
    lines.iter().map(trim).collect()
}

/// Returns a paragraph with the command, for a listing whose caption names its file. Returns `None` if the
/// caption has a command already, or if no command runs the file.
pub(crate) fn command(block: &Block<'_>) -> Option<String> {
    let caption = block.caption.as_ref()?.join(" ");
    if !caption.starts_with("*From `") {
        return None;
    }
    let said = ["`cargo ", "`go ", "`rustlings ", "`scripts/"];
    if said.iter().any(|command| caption.contains(command)) {
        return None;
    }
    let command = of_file(block.included.trim_start_matches("../"))?;
    Some(format!(
        "<p class=\"runs\">Run it: <code>{command}</code></p>\n"
    ))
}

/// Returns the command for the file at `path`, to be run in the repository's root.
fn of_file(path: &str) -> Option<String> {
    let rest = path.strip_prefix("crates/")?;
    let (folder, file) = rest.split_once('/')?;
    let (first, name) = file.split_once('/').unwrap_or(("", file));
    let stem = name.rsplit('/').next()?.split('.').next()?;
    // A package has its folder's name without the number.
    let package = folder.trim_start_matches(|it: char| it.is_ascii_digit() || it == '-');
    let workshop = folder == "workshop";
    Some(match first {
        "exercises" if workshop => format!("rustlings run {stem}</code> in <code>crates/workshop"),
        "solutions" if workshop => {
            format!("cargo run --manifest-path crates/workshop/Cargo.toml --bin {stem}_sol")
        }
        _ if workshop => return None,
        "go" => format!("go -C crates/{folder}/go run ."),
        "tests" => format!("cargo test -p {package} --test {stem}"),
        "src" | "examples" => format!("cargo test -p {package}"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::of_file;

    #[test]
    fn the_command_follows_from_the_path() {
        for (path, command) in [
            ("crates/01-pool/src/window.rs", Some("cargo test -p pool")),
            (
                "crates/01-pool/tests/care.rs",
                Some("cargo test -p pool --test care"),
            ),
            (
                "crates/07-atomics/src/models/programs.rs",
                Some("cargo test -p atomics"),
            ),
            (
                "crates/01-pool/go/workers.go",
                Some("go -C crates/01-pool/go run ."),
            ),
            ("crates/workshop/info.toml", None),
            ("README.md", None),
        ] {
            assert_eq!(of_file(path).as_deref(), command, "{path}");
        }
    }
}
