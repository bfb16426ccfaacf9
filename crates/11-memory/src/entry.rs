//! A reference to a task that keeps nothing alive.

#![allow(unsafe_code)]

use std::fmt;
use std::ptr::NonNull;

use crate::TaskRef;
use crate::count::Count;
use crate::owners::Owners;
use crate::task_ref::Memory;

/// Points to the memory of a [`TaskRef`], and isn't one of its owners. A list of all tasks holds entries, so that being
/// in the list doesn't keep a task alive.
pub struct Entry<T, O: Count = Owners> {
    /// Valid until the destructor of the value has returned.
    pub(crate) memory: NonNull<Memory<T, O>>,
}

// SAFETY: an entry is only good for becoming an owner, which can be on any thread if owners can.
unsafe impl<T: Send + Sync, O: Count> Send for Entry<T, O> {}

impl<T, O: Count> Entry<T, O> {
    /// Becomes an owner, unless the last owner has left.
    ///
    /// # Safety
    ///
    /// The destructor of the value hasn't returned, and can't return during this call. A list can guarantee that by a
    /// lock, if the destructor takes the same lock to remove the entry.
    pub unsafe fn upgrade(&self) -> Option<TaskRef<T, O>> {
        // SAFETY: the memory is freed only after the destructor has returned.
        let memory = unsafe { self.memory.as_ref() };
        memory
            .owners
            .add_unless_zero()
            .then(|| TaskRef::counted(self.memory))
    }
}

impl<T, O: Count> fmt::Debug for Entry<T, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry").finish_non_exhaustive()
    }
}
