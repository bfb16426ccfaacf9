//! What this chapter synchronises with: std's primitives, or in unit tests those that `interleave` explores.

#[cfg(not(test))]
pub(crate) use crate::cell::UnsafeCell;
#[cfg(not(test))]
pub(crate) use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering, fence};

#[cfg(test)]
pub(crate) use interleave::{
    cell::UnsafeCell,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering, fence},
};
