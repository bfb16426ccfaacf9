fn main() {
    let (_sender, receiver) = tokio::sync::mpsc::channel::<u64>(1);
    let _second = receiver.clone(); // error: no method `clone`
}
