//! Starting something beside the caller: a task.

// ANCHOR: double
/// Doubles `n` in a task of its own.
pub async fn double(n: u64) -> u64 {
    let task = tokio::spawn(async move { 2 * n });
    task.await.unwrap()
}
// ANCHOR_END: double
