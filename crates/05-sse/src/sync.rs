//! What the kernel synchronises with. Unit tests swap in primitives that can be explored.

#[cfg(not(test))]
pub(crate) use std::sync::{
    Mutex,
    atomic::{AtomicBool, Ordering},
};

#[cfg(test)]
pub(crate) use interleave::sync::{
    Mutex,
    atomic::{AtomicBool, Ordering},
};
