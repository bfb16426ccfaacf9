use std::collections::HashMap;
use std::thread;

fn main() {
    let mut counts = HashMap::from([("a", 0)]);
    thread::scope(|scope| {
        scope.spawn(|| counts.insert("a", 1));
        scope.spawn(|| counts.insert("b", 1)); // error: `counts` is already borrowed mutably
    });
}
