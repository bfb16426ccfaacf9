//! What this chapter synchronises with: std's primitives, or in unit tests those that `interleave` explores.

#[cfg(not(test))]
pub(crate) use crate::cell::UnsafeCell;
#[cfg(not(any(test, thread_sanitizer)))]
pub(crate) use std::sync::atomic::fence;
#[cfg(not(test))]
pub(crate) use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

#[cfg(test)]
pub(crate) use interleave::{
    cell::UnsafeCell,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering, fence},
};
