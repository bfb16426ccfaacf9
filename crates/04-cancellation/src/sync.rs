//! The primitives that the tokens synchronise with: std's, or in unit tests those that `interleave` explores.

#[cfg(not(test))]
pub(crate) use std::sync::{
    Mutex, MutexGuard,
    atomic::{AtomicBool, Ordering},
};

#[cfg(test)]
pub(crate) use interleave::sync::{
    Mutex, MutexGuard,
    atomic::{AtomicBool, Ordering},
};
