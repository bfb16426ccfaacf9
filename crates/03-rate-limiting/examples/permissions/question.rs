//! The question that a check asks, in SQL and in Rust.

/// Ada may get the applications with an odd number. This needs no table, so any PostgreSQL can answer it.
// ANCHOR: question
pub(crate) const QUESTION: &str = "SELECT right($1, 1) IN ('1', '3', '5', '7', '9')";
// ANCHOR_END: question

/// Returns what the database answers for this permission.
pub(crate) fn allows(permission: &str) -> bool {
    permission.ends_with(['1', '3', '5', '7', '9'])
}
