//! Wakers that own a task.

#![allow(unsafe_code)]

use std::mem::ManuallyDrop;
use std::task::{RawWaker, RawWakerVTable, Waker};

use crate::TaskRef;
use crate::task::Task;

// ANCHOR: waker
/// Returns a waker that is one of the task's owners.
pub(crate) fn waker(task: TaskRef<Task>) -> Waker {
    // SAFETY: the functions in the table keep `RawWaker`'s contract. The pointer is one owner, and they are thread-safe
    // because a task is `Send` and `Sync`.
    unsafe { Waker::from_raw(RawWaker::new(task.into_raw(), &TABLE)) }
}

static TABLE: RawWakerVTable = RawWakerVTable::new(clone, wake, wake_by_ref, drop_waker);

unsafe fn clone(task: *const ()) -> RawWaker {
    // SAFETY: the waker owns the task, and goes on owning it.
    let task = ManuallyDrop::new(unsafe { TaskRef::<Task>::from_raw(task) });
    RawWaker::new(TaskRef::clone(&task).into_raw(), &TABLE)
}

unsafe fn wake(task: *const ()) {
    // SAFETY: the waker owns the task, and is used up.
    unsafe { TaskRef::<Task>::from_raw(task) }.wake();
}
// ANCHOR_END: waker

unsafe fn wake_by_ref(task: *const ()) {
    // SAFETY: as in `clone`.
    let task = ManuallyDrop::new(unsafe { TaskRef::<Task>::from_raw(task) });
    TaskRef::clone(&task).wake();
}

unsafe fn drop_waker(task: *const ()) {
    // SAFETY: as in `wake`.
    drop(unsafe { TaskRef::<Task>::from_raw(task) });
}
