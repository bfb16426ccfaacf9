//! The primitives that this chapter synchronises with: std's, or in unit tests those that `interleave` explores.

#[cfg(not(test))]
pub(crate) use std::sync::atomic::{AtomicUsize, Ordering};

#[cfg(test)]
pub(crate) use interleave::sync::atomic::{AtomicUsize, Ordering};
