use std::thread;

fn main() {
    let mut hits = 0;
    thread::scope(|scope| {
        scope.spawn(|| hits += 1);
        scope.spawn(|| hits += 1); // error: `hits` is already borrowed mutably
    });
    println!("{hits}");
}
