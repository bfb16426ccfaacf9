//! What this chapter synchronises with: std's primitives, or in unit tests those that `interleave` explores.

#[cfg(not(test))]
pub(crate) use std::sync::{
    Mutex,
    atomic::{AtomicU64, Ordering},
};

#[cfg(test)]
pub(crate) use interleave::sync::{
    Mutex,
    atomic::{AtomicU64, Ordering},
};
