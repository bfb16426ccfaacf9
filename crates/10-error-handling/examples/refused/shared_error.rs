use std::thread;

fn handle(artifact: u32) -> Result<(), String> {
    match artifact {
        1 => Err("no such pipeline".to_owned()),
        _ => Ok(()),
    }
}

fn main() {
    let mut result = Ok(());
    thread::scope(|scope| {
        scope.spawn(|| result = handle(1));
        scope.spawn(|| result = handle(2)); // error: already borrowed as mutable
    });
    assert!(result.is_err());
}
