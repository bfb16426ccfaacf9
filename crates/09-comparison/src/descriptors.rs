//! What the items run out of: file descriptors.

use std::fs::File;
use std::io;
use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Where the items get their descriptors from. Clones share the limit.
#[derive(Clone, Debug)]
pub enum Descriptors {
    /// A count of those that are free.
    Counted(Arc<Semaphore>),
    /// Those of the operating system, which has its own limit.
    System,
}

/// A descriptor, which is open until this is dropped.
#[derive(Debug)]
pub enum Descriptor {
    /// One of those that are counted.
    Counted(OwnedSemaphorePermit),
    /// An open file.
    System(File),
}

impl Descriptors {
    /// Returns a source of at most `limit` open descriptors at once. A limit of 0 refuses all.
    pub fn counted(limit: usize) -> Descriptors {
        Descriptors::Counted(Arc::new(Semaphore::new(limit.min(Semaphore::MAX_PERMITS))))
    }

    /// Opens a descriptor. Never waits.
    ///
    /// # Errors
    ///
    /// If as many as the limit are open, or if the system can't open the file for another reason.
    pub fn open(&self) -> io::Result<Descriptor> {
        match self {
            Descriptors::Counted(free) => match free.clone().try_acquire_owned() {
                Ok(permit) => Ok(Descriptor::Counted(permit)),
                Err(_) => Err(io::Error::other("all descriptors are in use")),
            },
            Descriptors::System => File::open(DEVICE).map(Descriptor::System),
        }
    }
}

/// A file that exists everywhere and holds nothing.
const DEVICE: &str = if cfg!(windows) { "NUL" } else { "/dev/null" };
