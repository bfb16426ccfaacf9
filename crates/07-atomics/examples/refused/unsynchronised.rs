use std::thread;

fn main() {
    let mut counter = 0;
    thread::scope(|scope| {
        scope.spawn(|| counter += 1);
        scope.spawn(|| counter += 1); // error: already borrowed as mutable
    });
    assert_eq!(counter, 2);
}
