//! What this chapter synchronises with: std's primitives, or in unit tests those that `interleave` explores.

#[cfg(not(test))]
pub(crate) use std::{
    sync::{Condvar, Mutex, MutexGuard},
    thread::{ThreadId, current},
};

#[cfg(test)]
pub(crate) use interleave::{
    sync::{Condvar, Mutex, MutexGuard},
    thread::{ThreadId, current},
};
