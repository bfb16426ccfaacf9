use std::collections::HashMap;
use std::thread;

fn main() {
    let mut results = HashMap::new();
    thread::scope(|scope| {
        scope.spawn(|| results.insert("cluster 1", "healthy"));
        scope.spawn(|| results.insert("cluster 2", "degraded")); // error: already borrowed as mutable
    });
    assert_eq!(results.len(), 2);
}
