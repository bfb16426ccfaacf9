//! Where the parts of a page come from.

use crate::Error;

/// The three services that a page is made from.
///
/// An implementation may write each method as an `async fn`, if its future is `Send`. Without that promise a generic
/// function could not spawn the future.
// ANCHOR: sources
pub trait Sources {
    /// Fetches the status of the CI pipeline.
    fn ci(&self) -> impl Future<Output = Result<String, Error>> + Send;

    /// Fetches the status of the CD pipeline.
    fn cd(&self) -> impl Future<Output = Result<String, Error>> + Send;

    /// Fetches the user's data.
    fn user(&self) -> impl Future<Output = Result<String, Error>> + Send;
}
// ANCHOR_END: sources
