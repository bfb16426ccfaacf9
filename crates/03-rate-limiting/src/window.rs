//! At most `connections` checks at once: each check takes a permit, and gives it back when it ends.

use futures::future::join_all;

use crate::permits::Permits;
use crate::{CheckError, Limits, Permission};

/// Runs at most `limits.connections` checks at once. The next one starts when one ends.
///
/// Returns the answers in the order of the permissions: for each one the answer, or why there is none.
///
/// # Panics
///
/// If `check` panics, this panics with the same payload, after dropping the other checks.
///
/// # Cancellation
///
/// Dropping the future drops the checks in flight at the `await` that each has reached. No further check starts.
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
    let permits = Permits::new(limits.connections);
    let checks = permissions.into_iter().map(async |permission| {
        let _permit = permits.acquire().await;
        check(permission).await
    });
    join_all(checks).await
}
// ANCHOR_END: check_all
