//! A thread panics, and `main` goes on.

fn main() {
    let panicked = std::thread::spawn(|| panic!("in a thread")).join();
    assert!(panicked.is_err());
}
