//! The whole program, on a workspace with one small chapter.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the models import. Instead of a memory ordering's effect, the chapter's atomic shows the ordering.
const SYNC: &str = "
pub(crate) use std::sync::atomic::Ordering;

/// The ordering of the last store.
pub(crate) struct Flag(std::sync::Mutex<Ordering>);

impl Flag {
    pub(crate) fn new() -> Flag {
        Flag(std::sync::Mutex::new(Ordering::SeqCst))
    }
    pub(crate) fn store(&self, _: bool, order: Ordering) {
        *self.0.lock().unwrap() = order;
    }
    pub(crate) fn order(&self) -> Ordering {
        *self.0.lock().unwrap()
    }
}
";

const KERNEL: &str = "//! Publishes.

use crate::sync::{Flag, Ordering::Release};

pub(crate) fn publish(flag: &Flag) {
    flag.store(true, Release);
}
";

/// The models print what the explorer prints of an execution that fails.
const PUBLISHES: &str = r#"
#[test]
fn fix_it_publishes() {
    let flag = Flag::new();
    publish(&flag);
    assert!(flag.order() == Ordering::Release, "Explored: 2 executions, 1 fails");
}
"#;

/// Never ends if the ordering is weakened.
const ENDS: &str = r#"
#[test]
fn fix_it_ends() {
    let flag = Flag::new();
    publish(&flag);
    while flag.order() != Ordering::Release {
        std::thread::yield_now();
    }
}
"#;

/// Fails where changes are chosen at run time, although none is made.
const AS_WRITTEN: &str = r#"
#[test]
fn fix_the_source_is_as_written() {
    let source = include_str!("kernel.rs");
    assert!(!source.contains("weakened"), "Explored: 2 executions, 1 fails");
}
"#;

/// A workspace in a repository of its own. Removed when dropped.
struct Workspace(PathBuf);

impl Workspace {
    fn with(name: &str, models: &[&str]) -> Workspace {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&root);
        let source = root.join("crates/01-tiny/src");
        fs::create_dir_all(&source).unwrap();
        let package = "name = \"tiny\"\nversion = \"0.1.0\"\n";
        let lock = format!("version = 4\n\n[[package]]\n{package}");
        let manifest = format!("[package]\n{package}edition = \"2024\"\n");
        let models =
            "use crate::{kernel::publish, sync::{Flag, Ordering}};\n".to_owned() + &models.concat();
        for (path, content) in [
            (
                "Cargo.toml",
                "[workspace]\nresolver = \"3\"\nmembers = [\"crates/*\"]\n",
            ),
            ("Cargo.lock", &lock),
            ("crates/01-tiny/Cargo.toml", &manifest),
            (
                "crates/01-tiny/src/lib.rs",
                "#![cfg(test)]\nmod kernel;\nmod models;\nmod sync;\n",
            ),
            ("crates/01-tiny/src/sync.rs", SYNC),
            ("crates/01-tiny/src/kernel.rs", KERNEL),
            ("crates/01-tiny/src/models.rs", &models),
        ] {
            fs::write(root.join(path), content).unwrap();
        }
        let git = Command::new("git")
            .args(["init", "--quiet"])
            .current_dir(&root)
            .status();
        assert!(git.unwrap().success());
        Workspace(root)
    }

    /// Returns the exit status and everything that was printed.
    fn weaken(&self, patience: &str) -> (Option<i32>, String) {
        let weakened = Command::new(env!("CARGO_BIN_EXE_weakening"))
            .args(["crates/01-tiny", "--patience", patience])
            .current_dir(&self.0)
            .env("CARGO_TARGET_DIR", self.0.join("target"))
            .output()
            .unwrap();
        let printed = [weakened.stdout, weakened.stderr].concat();
        (weakened.status.code(), String::from_utf8(printed).unwrap())
    }
}

impl Drop for Workspace {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What is printed of the one change.
fn line(verdict: &str) -> String {
    format!("── tiny\ncrates/01-tiny/src/kernel.rs:6  Release → Relaxed: {verdict}\n")
}

#[test]
fn a_model_that_fails_is_named() {
    let workspace = Workspace::with("fails", &[PUBLISHES]);
    assert_eq!(
        workspace.weaken("300"),
        (Some(0), line("fails fix_it_publishes"))
    );
}

#[test]
fn without_its_assertion_the_model_notices_nothing() {
    let assertion = PUBLISHES.find("    assert!").unwrap()..PUBLISHES.rfind('}').unwrap();
    let mut silent = PUBLISHES.to_owned();
    silent.replace_range(assertion, "");
    let models = silent.replace("fn fix_", "#[allow(unused)]\nfn fix_");
    let (status, printed) = Workspace::with("survives", &[&models]).weaken("300");
    assert_eq!(status, Some(1), "{printed}");
    assert!(printed.starts_with(&line("SURVIVED")), "{printed}");
    assert!(printed.contains("1 change survived"), "{printed}");
}

#[test]
fn if_the_combined_program_fails_without_a_change_each_change_is_compiled_alone() {
    let workspace = Workspace::with("combined", &[PUBLISHES, AS_WRITTEN]);
    assert_eq!(
        workspace.weaken("300"),
        (Some(0), line("fails fix_it_publishes"))
    );
}

#[test]
fn models_that_fail_without_a_change_are_an_error() {
    let broken = AS_WRITTEN.replace("weakened", "Publishes");
    let (status, printed) = Workspace::with("broken", &[&broken]).weaken("300");
    assert_eq!(status, Some(2), "{printed}");
    let said = "the models of tiny: without a change: fails fix_the_source_is_as_written";
    assert!(printed.contains(said), "{printed}");
}

#[test]
fn a_change_without_an_end_counts_as_noticed() {
    let workspace = Workspace::with("endless", &[ENDS]);
    assert_eq!(workspace.weaken("5"), (Some(0), line("not done after 5 s")));
}

/// Otherwise this test takes five minutes.
#[test]
fn after_a_model_has_failed_the_others_end_soon() {
    let workspace = Workspace::with("seen", &[PUBLISHES, ENDS]);
    assert_eq!(
        workspace.weaken("300"),
        (Some(0), line("fails fix_it_publishes"))
    );
}
