//! Broken on purpose: all checks run at once, and each needs a connection.

use futures::future::join_all;

use crate::{CheckError, Limits, Permission};

/// Checks all permissions at once. Ignores the limits: that is the defect.
///
/// Returns the answers in the order of the permissions: for each one the answer, or why there is none.
///
/// # Panics
///
/// If `check` panics, this panics with the same payload, after dropping the other checks.
///
/// # Cancellation
///
/// Dropping the future drops every check at the `await` that it has reached.
// ANCHOR: check_all
pub async fn check_all<F, Fut>(
    permissions: Vec<Permission>,
    _limits: Limits,
    check: F,
) -> Vec<Result<bool, CheckError>>
where
    F: Fn(Permission) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Result<bool, CheckError>> + Send + 'static,
{
    join_all(permissions.into_iter().map(check)).await
}
// ANCHOR_END: check_all
