//! The primitives that this chapter synchronises with: std's, or in unit tests those that `interleave` explores.

#[cfg(not(test))]
pub(crate) use std::sync::{
    Mutex,
    atomic::{AtomicIsize, AtomicU64, AtomicUsize, Ordering},
};

#[cfg(test)]
pub(crate) use interleave::sync::{
    Mutex,
    atomic::{AtomicIsize, AtomicU64, AtomicUsize, Ordering},
};
