//! A model that doesn't get as far as its first thread fails, and its picture says why.

use interleave::sync::Mutex;
use interleave::{End, explore};

#[test]
fn a_panic_before_the_first_thread_fails() {
    let exploration = explore(|| panic!("no such item"));
    let failing = exploration.failing(|()| false);
    let shown = failing.simplest();
    let end = End::Panicked("no such item".to_owned());
    assert_eq!(*shown.execution().end(), end);
    assert!(shown.to_string().contains("no such item"), "{shown}");
}

#[test]
fn a_wait_before_the_first_thread_fails() {
    let exploration = explore(|| {
        let lock = Mutex::new(());
        let _guard = lock.lock().unwrap();
        drop(lock.lock());
    });
    let failing = exploration.failing(|()| false);
    let shown = failing.simplest();
    assert_eq!(*shown.execution().end(), End::Blocked);
    assert!(shown.to_string().contains("lock.lock()"), "{shown}");
}
