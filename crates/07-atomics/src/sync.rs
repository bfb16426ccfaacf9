//! The synchronisation primitives of this chapter. Unit tests use the explorer's instead.

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

/// Returns how many shards a counter has: the number of cores, rounded up to a power of two.
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

/// Returns 2, as on a machine with two cores.
#[cfg(test)]
pub(crate) fn shards() -> usize {
    2
}

/// Returns the current thread's number: 0 for the first thread that calls this, 1 for the second, and so on.
#[cfg(not(test))]
#[inline]
pub(crate) fn thread_number() -> usize {
    use std::sync::atomic::AtomicUsize;

    static NEXT: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        // Relaxed: the number needs only to be unique.
        static NUMBER: usize = NEXT.fetch_add(1, Ordering::Relaxed);
    }
    NUMBER.with(|number| *number)
}

/// Returns the current thread's number: 0 for `main`, then in the order in which threads were spawned.
#[cfg(test)]
pub(crate) fn thread_number() -> usize {
    interleave::thread::current().number()
}
