//! What the tests' models share.

use interleave::thread::{Builder, JoinHandle};

/// Spawns a thread with this name.
pub(crate) fn named<T: Send + 'static>(
    name: &str,
    f: impl FnOnce() -> T + Send + 'static,
) -> JoinHandle<T> {
    Builder::new().name(name.to_owned()).spawn(f).unwrap()
}
