//! The allocator: the system's or mimalloc, chosen when the process starts. It counts the bytes that are asked for.

#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering::Relaxed};

use mimalloc::MiMalloc;
use serde::{Deserialize, Serialize};

/// The environment variable that chooses mimalloc by being set.
pub(crate) const VARIABLE: &str = "MEASURE_WITH_MIMALLOC";

/// Where the heap is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Allocator {
    System,
    Mimalloc,
}

impl Allocator {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Allocator::System if cfg!(target_env = "gnu") => "glibc",
            Allocator::System => "system",
            Allocator::Mimalloc => "mimalloc",
        }
    }
}

/// The bytes of all layouts that were allocated and not freed.
static ASKED: AtomicUsize = AtomicUsize::new(0);

/// 0 until the first allocation, then 1 for the system's allocator or 2 for mimalloc.
static CHOSEN: AtomicU8 = AtomicU8::new(0);

pub(crate) struct Heap;

impl Heap {
    pub(crate) fn asked() -> u64 {
        ASKED.load(Relaxed) as u64
    }

    #[inline]
    fn is_mimalloc() -> bool {
        match CHOSEN.load(Relaxed) {
            0 => Heap::choose(),
            chosen => chosen == 2,
        }
    }

    /// Every call finds the same, so it doesn't matter which thread is first.
    #[cold]
    fn choose() -> bool {
        // Not `std::env`, which allocates.
        // SAFETY: the name ends with a 0, and nothing in this program changes the environment.
        let set = unsafe { libc::getenv(c"MEASURE_WITH_MIMALLOC".as_ptr()) };
        CHOSEN.store(if set.is_null() { 1 } else { 2 }, Relaxed);
        !set.is_null()
    }
}

// SAFETY: every call is passed on unchanged, and all calls of one process to the same allocator.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ASKED.fetch_add(layout.size(), Relaxed);
        // SAFETY: the caller keeps the contract, here and below.
        unsafe {
            match Heap::is_mimalloc() {
                true => MiMalloc.alloc(layout),
                false => System.alloc(layout),
            }
        }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        ASKED.fetch_sub(layout.size(), Relaxed);
        // SAFETY: as above.
        unsafe {
            match Heap::is_mimalloc() {
                true => MiMalloc.dealloc(pointer, layout),
                false => System.dealloc(pointer, layout),
            }
        }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ASKED.fetch_add(size, Relaxed);
        ASKED.fetch_sub(layout.size(), Relaxed);
        // SAFETY: as above.
        unsafe {
            match Heap::is_mimalloc() {
                true => MiMalloc.realloc(pointer, layout, size),
                false => System.realloc(pointer, layout, size),
            }
        }
    }
}
