//! A panic in a task is an error of the task.

// ANCHOR: divide
/// Divides in a task; `None` if the task panicked.
pub async fn divide(a: u64, b: u64) -> Option<u64> {
    let task = tokio::spawn(async move { a / b });
    match task.await {
        Ok(quotient) => Some(quotient),
        Err(error) if error.is_panic() => None,
        Err(_) => unreachable!("nobody aborts this task"),
    }
}
// ANCHOR_END: divide
