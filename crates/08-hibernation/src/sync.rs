//! What this chapter synchronises with: std's primitives, or in unit tests those that `interleave` explores.

#[cfg(not(test))]
pub(crate) use std::sync::atomic::{AtomicU64, Ordering};

#[cfg(test)]
pub(crate) use interleave::sync::atomic::{AtomicU64, Ordering};
