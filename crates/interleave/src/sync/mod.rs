//! What a model synchronises with: std's names and signatures, explored and recorded.
//!
//! Each type lives inside of the closure that is given to [`explore`](crate::explore) and panics
//! outside of it. A thread that is unwinding records nothing and lets nobody else run.

mod arc;
pub mod atomic;
mod condvar;
mod lock;
mod mutex;
mod notify;
mod rwlock;

pub use arc::Arc;
pub use condvar::Condvar;
pub use mutex::{Mutex, MutexGuard};
pub use notify::Notify;
pub use rwlock::{RwLock, RwLockReadGuard, RwLockWriteGuard};

pub use std::sync::{LockResult, PoisonError, TryLockError, TryLockResult};
