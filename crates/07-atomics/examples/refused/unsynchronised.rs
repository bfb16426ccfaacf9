use std::thread;

fn main() {
    let mut counter = 0;
    thread::scope(|scope| {
        scope.spawn(|| counter += 1);
        scope.spawn(|| counter += 1); // error: `counter` is borrowed mutably already
    });
    assert_eq!(counter, 2);
}
