//! The primitives that the kernels synchronise with. Unit tests swap in those that can be explored.

#[cfg(not(test))]
pub(crate) use std::sync::{
    Arc, Condvar, Mutex,
    atomic::{AtomicBool, Ordering},
};

#[cfg(test)]
pub(crate) use interleave::sync::{
    Arc, Condvar, Mutex,
    atomic::{AtomicBool, Ordering},
};
