//! A handle to a task's memory. The last handle frees it.

#![allow(unsafe_code)]

use std::fmt;
use std::mem::ManuallyDrop;
use std::ptr::NonNull;

use crate::{Entry, count::Count, owners::Owners, sync::UnsafeCell};

/// One of several owners of a value on the heap, as `Arc` is. Cloning it adds an owner. When the last owner is dropped,
/// the value is dropped, and its memory is freed after that. If the value's destructor panics, the memory is leaked.
///
/// `O` counts the owners. Use the default: the other counts are broken on purpose.
pub struct TaskRef<T, O: Count = Owners> {
    /// Points to memory that isn't freed before this owner has left.
    memory: NonNull<Memory<T, O>>,
}

/// What the owners share.
pub(crate) struct Memory<T, O> {
    pub(crate) owners: O,
    /// Dropped once, by the last owner, after it has left.
    value: UnsafeCell<ManuallyDrop<T>>,
}

// SAFETY: an owner can be sent if the value can be: the last owner, on any thread, drops it. All owners can read the
// value at the same time, so it has to be `Sync`, too.
unsafe impl<T: Send + Sync, O: Count> Send for TaskRef<T, O> {}

// SAFETY: a shared owner can be cloned on any thread, and the clone is an owner there.
unsafe impl<T: Send + Sync, O: Count> Sync for TaskRef<T, O> {}

impl<T, O: Count> TaskRef<T, O> {
    /// Moves `value` to the heap, where it has one owner.
    pub fn new(value: T) -> TaskRef<T, O> {
        let memory = Box::new(Memory {
            owners: O::one(),
            value: UnsafeCell::new(ManuallyDrop::new(value)),
        });
        TaskRef {
            memory: NonNull::from(Box::leak(memory)),
        }
    }

    // ANCHOR: get
    /// Returns the value.
    pub fn get(&self) -> &T {
        let value = &self.memory().value;
        // SAFETY: this owner hasn't left, so the value has not been dropped, and nothing writes to it.
        value.with(|value| unsafe { &**value })
    }
    // ANCHOR_END: get

    /// Returns a reference to the memory that owns nothing.
    pub fn entry(&self) -> Entry<T, O> {
        Entry {
            memory: self.memory,
        }
    }

    /// Returns the owner as a pointer, without counting it as gone: [`from_raw`](TaskRef::from_raw) returns it.
    pub(crate) fn into_raw(self) -> *const () {
        ManuallyDrop::new(self).memory.as_ptr().cast_const().cast()
    }

    /// Returns the owner that [`into_raw`](TaskRef::into_raw) made a pointer of.
    ///
    /// # Safety
    ///
    /// The pointer is from `into_raw` of the same types, and each one is turned into an owner once.
    pub(crate) unsafe fn from_raw(pointer: *const ()) -> TaskRef<T, O> {
        // SAFETY: `into_raw` was given an owner, whose pointer wasn't null.
        let memory = unsafe { NonNull::new_unchecked(pointer.cast_mut().cast()) };
        TaskRef { memory }
    }

    /// An owner of `memory`, counted by the caller.
    pub(crate) fn counted(memory: NonNull<Memory<T, O>>) -> TaskRef<T, O> {
        TaskRef { memory }
    }

    fn memory(&self) -> &Memory<T, O> {
        // SAFETY: this owner hasn't left, so the memory has not been freed.
        unsafe { self.memory.as_ref() }
    }
}

impl<T, O: Count> Clone for TaskRef<T, O> {
    // ANCHOR: clone
    fn clone(&self) -> TaskRef<T, O> {
        self.memory().owners.add();
        TaskRef {
            memory: self.memory,
        }
    }
    // ANCHOR_END: clone
}

impl<T, O: Count> Drop for TaskRef<T, O> {
    // ANCHOR: drop
    fn drop(&mut self) {
        if self.memory().owners.remove() {
            let value = &self.memory().value;
            // SAFETY: this was the last owner, so nobody else can reach the value.
            value.with_mut(|value| unsafe { ManuallyDrop::drop(&mut *value) });
            // SAFETY: `new` leaked this box, and no `Entry` is used any more.
            drop(unsafe { Box::from_raw(self.memory.as_ptr()) });
        }
    }
    // ANCHOR_END: drop
}

impl<T: fmt::Debug, O: Count> fmt::Debug for TaskRef<T, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TaskRef").field(self.get()).finish()
    }
}
