//! What this chapter synchronises with. Unit tests swap in primitives that can be explored.

#[cfg(not(test))]
pub(crate) use std::sync::{
    Condvar, Mutex,
    atomic::{AtomicUsize, Ordering},
};

#[cfg(test)]
pub(crate) use interleave::sync::{
    Condvar, Mutex,
    atomic::{AtomicUsize, Ordering},
};
