//! The talk's variant: a batch is checked by ten workers, and the next one starts when the whole batch has ended.

use crate::{CheckError, Limits, Permission};

/// Splits the permissions into batches of `limits.batch`. Checks one batch after the other, each by at most
/// `limits.connections` workers.
///
/// Returns the answers in the order of the permissions: for each one the answer, or why there is none.
///
/// # Panics
///
/// If `check` panics, this panics with the same payload after aborting the other workers. It also panics outside a Tokio
/// runtime, if there are permissions.
///
/// # Cancellation
///
/// Dropping the future aborts the workers: each stops at its next `await` that isn't ready. No further check starts.
// ANCHOR: check_all
pub async fn check_all<F, Fut>(
    permissions: Vec<Permission>,
    limits: Limits,
    check: F,
) -> Vec<Result<bool, CheckError>>
where
    F: Fn(Permission) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Result<bool, CheckError>> + Send + 'static,
{
    let mut answers = Vec::with_capacity(permissions.len());
    for batch in permissions.chunks(limits.batch.get()) {
        let workers = pool::window::run(batch.to_vec(), limits.connections, check.clone());
        answers.extend(workers.await);
    }
    answers
}
// ANCHOR_END: check_all
