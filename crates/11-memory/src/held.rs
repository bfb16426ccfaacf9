//! Futures that do the same, and hold more or less while they wait.
//!
//! Each fills a buffer, adds its bytes up, waits for a signal, and returns the sum. A future holds, in its own size,
//! whatever is alive across an `await`: variables that are used after it, and variables that have not gone out of scope.

/// The bytes of the buffer.
pub const LENGTH: usize = 1024;

/// Fills the buffer.
fn fill(buffer: &mut [u8; LENGTH]) {
    buffer.fill(1);
}

/// Adds the bytes up.
fn sum(buffer: &[u8; LENGTH]) -> u64 {
    buffer.iter().map(|byte| u64::from(*byte)).sum()
}

// ANCHOR: used-after
/// Uses the buffer after the wait, so the future holds it.
pub async fn used_after(signal: impl Future<Output = ()>) -> u64 {
    let mut buffer = [0; LENGTH];
    fill(&mut buffer);
    signal.await;
    sum(&buffer)
}
// ANCHOR_END: used-after

// ANCHOR: in-scope
/// Doesn't use the buffer after the wait, but the buffer is still in scope.
pub async fn in_scope(signal: impl Future<Output = ()>) -> u64 {
    let mut buffer = [0; LENGTH];
    fill(&mut buffer);
    let sum = sum(&buffer);
    signal.await;
    sum
}
// ANCHOR_END: in-scope

// ANCHOR: scoped
/// Ends the buffer's scope before the wait, so only the sum is held.
pub async fn scoped(signal: impl Future<Output = ()>) -> u64 {
    let sum = {
        let mut buffer = [0; LENGTH];
        fill(&mut buffer);
        sum(&buffer)
    };
    signal.await;
    sum
}
// ANCHOR_END: scoped

// ANCHOR: boxed
/// Keeps the buffer on the heap, so the future holds a pointer.
pub async fn boxed(signal: impl Future<Output = ()>) -> u64 {
    let mut buffer = Box::new([0; LENGTH]);
    fill(&mut buffer);
    signal.await;
    sum(&buffer)
}
// ANCHOR_END: boxed

// ANCHOR: rarely
/// Has the buffer in one of two branches, and boxes that one.
pub async fn rarely(signal: impl Future<Output = ()>, rare: bool) -> u64 {
    if rare {
        Box::pin(used_after(signal)).await
    } else {
        signal.await;
        LENGTH as u64
    }
}
// ANCHOR_END: rarely
