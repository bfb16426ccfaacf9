//! Owners of a value, on real threads.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread;

use memory::TaskRef;
use memory::count::Count;
use memory::owners::Owners;
use memory::{revived, unordered_free};

/// Counts its drops.
#[derive(Debug)]
struct Counted<'a>(&'a AtomicUsize);

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.fetch_add(1, Relaxed);
    }
}

#[test]
fn the_last_of_many_owners_drops_the_value_once() {
    for _ in 0..200 {
        let drops = AtomicUsize::new(0);
        let task: TaskRef<_> = TaskRef::new(Counted(&drops));
        thread::scope(|scope| {
            for _ in 0..4 {
                let task = task.clone();
                scope.spawn(move || {
                    let again = task.clone();
                    drop(task);
                    assert_eq!(again.get().0.load(Relaxed), 0);
                });
            }
            drop(task);
        });
        assert_eq!(drops.load(Relaxed), 1);
    }
}

/// What an owner writes before it leaves is there when the last one drops the value.
#[test]
fn the_destructor_sees_what_every_owner_wrote() {
    struct Log<'a>(Mutex<Vec<u8>>, &'a AtomicUsize);
    impl Drop for Log<'_> {
        fn drop(&mut self) {
            self.1.store(self.0.get_mut().unwrap().len(), Relaxed);
        }
    }
    let length = AtomicUsize::new(0);
    let task: TaskRef<_> = TaskRef::new(Log(Mutex::default(), &length));
    thread::scope(|scope| {
        for byte in 0..8 {
            let task = task.clone();
            scope.spawn(move || task.get().0.lock().unwrap().push(byte));
        }
        drop(task);
    });
    assert_eq!(length.load(Relaxed), 8);
}

#[test]
fn an_entry_is_upgraded_as_long_as_there_is_an_owner() {
    let task: TaskRef<_> = TaskRef::new(7);
    let entry = task.entry();
    // SAFETY: `task` owns the value.
    #[allow(unsafe_code)]
    let upgraded = unsafe { entry.upgrade() };
    assert_eq!(upgraded.map(|task| *task.get()), Some(7));
    assert_eq!(format!("{task:?}, {entry:?}"), "TaskRef(7), Entry { .. }");
}

fn counts<O: Count>() {
    let owners = O::one();
    owners.add();
    assert!(owners.add_unless_zero());
    assert!(!owners.remove());
    assert!(!owners.remove());
    assert!(owners.remove());
    assert!(!owners.add_unless_zero());
}

/// On one thread, the broken counts count right.
#[test]
fn a_count_ends_at_zero() {
    counts::<Owners>();
    counts::<unordered_free::Owners>();
    counts::<revived::Owners>();
}

/// An `Option` of an owner is as large as an owner, and that is as large as a pointer.
#[test]
fn an_owner_is_a_pointer() {
    assert_eq!(size_of::<TaskRef<u64>>(), size_of::<usize>());
    assert_eq!(size_of::<Option<TaskRef<u64>>>(), size_of::<usize>());
}
