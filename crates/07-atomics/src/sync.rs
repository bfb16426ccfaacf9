//! What this chapter synchronises with. Unit tests swap in primitives that can be explored.

#[cfg(not(test))]
pub(crate) use std::sync::{
    Mutex,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

#[cfg(test)]
pub(crate) use interleave::sync::{
    Mutex,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

/// How many shards a counter has: as many as there are cores, up to a power of two.
#[cfg(not(test))]
pub(crate) fn shards() -> usize {
    use std::sync::LazyLock;
    use std::thread::available_parallelism;

    static SHARDS: LazyLock<usize> = LazyLock::new(|| {
        let cores = available_parallelism().map_or(1, |cores| cores.get());
        cores.next_power_of_two()
    });
    *SHARDS
}

/// As on a machine with two cores.
#[cfg(test)]
pub(crate) fn shards() -> usize {
    2
}

/// The running thread's number: 0 for the first one that asks, and so on.
#[cfg(not(test))]
#[inline]
pub(crate) fn thread_number() -> usize {
    use std::sync::atomic::AtomicUsize;

    static ASKED: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        // Relaxed: the number alone matters.
        static NUMBER: usize = ASKED.fetch_add(1, Ordering::Relaxed);
    }
    NUMBER.with(|number| *number)
}

/// The running thread's number: 0 for `main`, then in the order in which they were spawned.
#[cfg(test)]
pub(crate) fn thread_number() -> usize {
    interleave::thread::current().number()
}
