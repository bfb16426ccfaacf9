//! A copy of the repository's sources, in which kernels can be broken.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder of the copy with the repository's folders. Cargo tells packages apart by their paths in a workspace. With
/// this folder the paths differ from the repository's, so both workspaces can share a target directory, and the crates
/// that the chapters depend on are compiled once.
const FOLDER: &str = "weakened";

/// A copy of the files that git tracks or would track, as they are in the working tree.
pub(crate) struct Copy {
    root: PathBuf,
}

/// A file of the copy that differs from its original. When dropped, it is restored.
pub(crate) struct Changed {
    original: PathBuf,
    copy: PathBuf,
}

impl Copy {
    /// Copies the files that have changed since the last time.
    ///
    /// # Errors
    ///
    /// Git doesn't list the files, or one of them can't be copied.
    pub(crate) fn new(root: &Path) -> Result<Copy, String> {
        let listed = Command::new("git")
            .args([
                "ls-files",
                "--cached",
                "--others",
                "--exclude-standard",
                "-z",
            ])
            .args(["Cargo.lock", "crates", "book", "scripts"])
            .output()
            .map_err(|error| format!("git: {error}"))?;
        if !listed.status.success() {
            return Err(String::from_utf8_lossy(&listed.stderr).trim().to_owned());
        }
        let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
        let mut copied = BTreeSet::new();
        for file in listed.split('\0').filter(|file| is_source(file)) {
            let original = Path::new(file);
            if !original.exists() {
                continue; // deleted, and not committed yet
            }
            let to = match file {
                "Cargo.lock" => root.join(file),
                _ => root.join(FOLDER).join(file),
            };
            write(&to, &read(original)?)?;
            copied.insert(to);
        }
        remove_others(&root.join(FOLDER), &copied)?;

        let manifest = String::from_utf8_lossy(&read(Path::new("Cargo.toml"))?).into_owned();
        write(&root.join("Cargo.toml"), moved(&manifest).as_bytes())?;
        let root = root
            .canonicalize()
            .map_err(|error| format!("{}: {error}", root.display()))?;
        Ok(Copy { root })
    }

    /// The copy's root.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The path in the copy of a file or folder of the repository.
    pub(crate) fn path(&self, original: &Path) -> PathBuf {
        self.root.join(FOLDER).join(original)
    }

    /// Writes a file of the copy, until the result is dropped.
    pub(crate) fn with(&self, path: &Path, content: &str) -> Result<Changed, String> {
        let copy = self.path(path);
        fs::write(&copy, content).map_err(|error| format!("{}: {error}", copy.display()))?;
        Ok(Changed {
            original: path.to_owned(),
            copy,
        })
    }
}

impl Drop for Changed {
    fn drop(&mut self) {
        // If this fails, the next run copies the file.
        let _ = fs::copy(&self.original, &self.copy);
    }
}

/// What a chapter's unit tests need: sources, manifests, and the texts that they include.
fn is_source(path: &str) -> bool {
    !path.is_empty() && !path.starts_with("book/src/") && !path.starts_with("crates/workshop/")
}

/// The workspace's manifest, with the folders where they are in the copy.
fn moved(manifest: &str) -> String {
    ["crates/", "book/", "scripts/"]
        .iter()
        .fold(manifest.to_owned(), |manifest, folder| {
            manifest.replace(&format!("\"{folder}"), &format!("\"{FOLDER}/{folder}"))
        })
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn write(path: &Path, content: &[u8]) -> Result<(), String> {
    if fs::read(path).is_ok_and(|known| known == content) {
        return Ok(()); // so that nothing is compiled again for it
    }
    let folder = path.parent().expect("a file is in a folder");
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(path, content))
        .map_err(|error| format!("{}: {error}", path.display()))
}

/// Removes the files that the repository no longer has, so that no package is left over from a renamed folder.
fn remove_others(folder: &Path, copied: &BTreeSet<PathBuf>) -> Result<(), String> {
    let error = |error: std::io::Error| format!("{}: {error}", folder.display());
    for entry in fs::read_dir(folder).map_err(error)? {
        let path = entry.map_err(error)?.path();
        if path.is_dir() {
            remove_others(&path, copied)?;
        } else if !copied.contains(&path) {
            fs::remove_file(&path).map_err(error)?;
        }
    }
    // Only an empty folder can be removed.
    let _ = fs::remove_dir(folder);
    Ok(())
}
