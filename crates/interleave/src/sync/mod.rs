//! Synchronisation for models: std's names and signatures, explored and recorded.
//!
//! The types work only inside the closure that is passed to [`explore`](crate::explore), and panic
//! outside it. While a panic unwinds a thread, its operations are neither recorded nor explored:
//! `try_lock` then fails, and waiting for a condition variable returns immediately.

mod arc;
pub mod atomic;
mod condvar;
mod lock;
mod mutex;
mod notify;
mod rwlock;
mod word;

pub use arc::Arc;
pub use condvar::Condvar;
pub use mutex::{Mutex, MutexGuard, Unshown};
pub use notify::Notify;
pub use rwlock::{RwLock, RwLockReadGuard, RwLockWriteGuard};

pub use std::sync::{LockResult, PoisonError, TryLockError, TryLockResult};
