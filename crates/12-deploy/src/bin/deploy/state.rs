//! The state file: the clusters that have the manifest. The next run leaves them out.

use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use deploy::kubernetes::Manifest;
use deploy::{Event, Kind};
use serde::{Deserialize, Serialize};

use crate::arguments::Arguments;
use crate::clusters::Target;
use crate::words;

/// What the file says.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Contents {
    /// The SHA-256 of the objects. If the manifest has another one, the file says nothing about it.
    manifest: String,
    applied: Vec<Applied>,
}

/// A cluster that has the manifest. All fields have to fit: a context may name another cluster tomorrow.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Applied {
    context: String,
    server: String,
    namespace: String,
}

/// The state file as it was found, or nothing if there is to be none.
pub(crate) struct State {
    path: Option<PathBuf>,
    contents: Contents,
    /// Locked as long as this run may write the state file. `None` if it never does.
    lock: Option<File>,
}

impl State {
    /// Reads the state file, if there is one. Returns a sentence if it can't be read, or if another run writes it.
    pub(crate) fn open(arguments: &Arguments, manifest: &Manifest) -> Result<State, String> {
        let new = Contents {
            manifest: manifest.digest().to_owned(),
            applied: Vec::new(),
        };
        let lock = match &arguments.state {
            Some(path) if !arguments.dry_run => Some(lock(path)?),
            _ => None,
        };
        let contents = match &arguments.state {
            Some(path) => match read(path)? {
                Some(old) if old.manifest == new.manifest => old,
                Some(_) => {
                    words::say(format!(
                        "{} is about another manifest; beginning anew",
                        path.display()
                    ));
                    new
                }
                None => new,
            },
            None => new,
        };
        Ok(State {
            path: arguments.state.clone(),
            contents,
            lock,
        })
    }

    /// Whether a cluster has the manifest from an earlier run.
    pub(crate) fn has(&self, target: &Target) -> bool {
        self.contents.applied.contains(&Applied::of(target))
    }

    /// Writes the file once, so that nothing begins if it can't be written. Returns what writes it later.
    pub(crate) fn begin(self) -> Result<Recorder, String> {
        let State {
            path: Some(path),
            mut contents,
            lock: Some(lock),
        } = self
        else {
            return Ok(Recorder(None));
        };
        write(&path, &contents)?;
        let (sender, applied) = channel::<Applied>();
        let thread = thread::spawn(move || {
            let mut written = Ok(());
            while let Ok(first) = applied.recv() {
                contents.applied.push(first);
                // More may have come while the file was written.
                contents.applied.extend(applied.try_iter());
                written = write(&path, &contents);
            }
            drop(lock);
            written
        });
        Ok(Recorder(Some(Arc::new(Mutex::new(Some((sender, thread)))))))
    }
}

/// Writes the state file whenever a cluster has the manifest. Clones write the same file.
#[derive(Clone)]
pub(crate) struct Recorder(Option<Arc<Mutex<Option<Writer>>>>);

/// A thread, which ends when the sender is dropped.
type Writer = (Sender<Applied>, JoinHandle<Result<(), String>>);

impl Recorder {
    /// Records the cluster, if it has the manifest now. Doesn't wait for the file.
    pub(crate) fn observe(&self, target: &Target, event: &Event<'_>) {
        let Event::Ended {
            kind: Kind::Applied | Kind::Unchanged,
            ..
        } = event
        else {
            return;
        };
        if let Some(writer) = &self.0
            && let Some((sender, _)) = &*writer.lock().unwrap_or_else(PoisonError::into_inner)
        {
            // The thread receives until `finish`.
            let _ = sender.send(Applied::of(target));
        }
    }

    /// Waits until all is written. Returns a sentence if the last write failed.
    pub(crate) fn finish(&self) -> Result<(), String> {
        let writer = self
            .0
            .as_ref()
            .and_then(|writer| writer.lock().unwrap_or_else(PoisonError::into_inner).take());
        let Some((sender, thread)) = writer else {
            return Ok(());
        };
        drop(sender);
        thread
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }
}

impl Applied {
    fn of(target: &Target) -> Applied {
        Applied {
            context: target.name.to_string(),
            server: target.url.to_string(),
            namespace: target.namespace.to_string(),
        }
    }
}

fn read(path: &Path) -> Result<Option<Contents>, String> {
    let bytes = match fs::read(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        read => read.map_err(|error| format!("can't read {}: {error}", path.display()))?,
    };
    let contents = serde_json::from_slice(&bytes);
    contents.map(Some).map_err(|error| {
        format!(
            "{} isn't a state file: {error}; remove it to begin anew",
            path.display()
        )
    })
}

/// Locks a file beside the state file, which another run with it has to lock, too. The system unlocks it when this
/// program ends, however it ends. The empty file stays: if it were removed, two runs could lock two files of one name.
fn lock(path: &Path) -> Result<File, String> {
    let open = || -> io::Result<File> {
        let name = path.file_name().ok_or(ErrorKind::InvalidFilename)?;
        File::create(path.with_file_name(format!(".{}.lock", name.to_string_lossy())))
    };
    let unwritable = |error: io::Error| format!("can't write {}: {error}", path.display());
    let file = open().map_err(unwritable)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(format!("another run uses {}", path.display())),
        Err(TryLockError::Error(error)) => Err(unwritable(error)),
    }
}

/// Replaces the file in one step: whoever reads it, and whatever ends this program, it is the old one or the new one.
fn write(path: &Path, contents: &Contents) -> Result<(), String> {
    let replace = || -> io::Result<()> {
        let name = path.file_name().ok_or(ErrorKind::InvalidFilename)?;
        let name = format!(".{}.{}", name.to_string_lossy(), std::process::id());
        let new = path.with_file_name(name);
        let written = File::create(&new).and_then(|mut file| {
            file.write_all(format!("{:#}\n", serde_json::json!(contents)).as_bytes())?;
            file.sync_all()?;
            fs::rename(&new, path)
        });
        written.inspect_err(|_| drop(fs::remove_file(&new)))
    };
    replace().map_err(|error| format!("can't write {}: {error}", path.display()))
}
