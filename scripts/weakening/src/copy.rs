//! A copy of the repository's sources, in which kernels can be broken.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A copy of the files that git tracks or would track, as they are in the working tree.
pub(crate) struct Copy {
    root: PathBuf,
}

/// A file of the copy that differs from its original. Dropped, it is put back.
pub(crate) struct Changed {
    original: PathBuf,
    copy: PathBuf,
}

impl Copy {
    /// Copies what has changed since the last time.
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
            .args(["Cargo.toml", "Cargo.lock", "crates", "book", "scripts"])
            .output()
            .map_err(|error| format!("git: {error}"))?;
        if !listed.status.success() {
            return Err(String::from_utf8_lossy(&listed.stderr).trim().to_owned());
        }
        let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
        for file in listed.split('\0').filter(|file| is_source(file)) {
            copy(Path::new(file), &root.join(file))?;
        }
        let root = root
            .canonicalize()
            .map_err(|error| format!("{}: {error}", root.display()))?;
        Ok(Copy { root })
    }

    /// The copy's root.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Writes a file of the copy, until the result is dropped.
    pub(crate) fn with(&self, path: &Path, content: &str) -> Result<Changed, String> {
        let copy = self.root.join(path);
        fs::write(&copy, content).map_err(|error| format!("{}: {error}", copy.display()))?;
        Ok(Changed {
            original: path.to_owned(),
            copy,
        })
    }
}

impl Drop for Changed {
    fn drop(&mut self) {
        // The next run copies what differs, should this fail.
        let _ = fs::copy(&self.original, &self.copy);
    }
}

/// What a chapter's unit tests need: sources, manifests, and the texts that they include.
fn is_source(path: &str) -> bool {
    !path.is_empty() && !path.starts_with("book/src/") && !path.starts_with("crates/workshop/")
}

fn copy(from: &Path, to: &Path) -> Result<(), String> {
    let error = |error: std::io::Error| format!("{}: {error}", from.display());
    if !from.exists() {
        return Ok(()); // deleted, and not committed yet
    }
    let content = fs::read(from).map_err(error)?;
    if fs::read(to).is_ok_and(|known| known == content) {
        return Ok(()); // so that nothing is compiled again for it
    }
    let folder = to.parent().expect("a file is in a folder");
    fs::create_dir_all(folder).map_err(error)?;
    fs::write(to, content).map_err(error)
}
