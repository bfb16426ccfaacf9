#![doc = include_str!("../README.md")]
//!
//! # The diagram
//!
//! A page needs the CI status (200 ms), the CD status (300 ms) and the user's data (150 ms). One after another they take
//! 650 ms, and all at once 300 ms.
//!
//! # The defect
//!
//! A thread that adds itself to the group may do so after the page has waited ([`late_add`]). A group whose `done`
//! doesn't take the lock can notify between the page's look at the count and its sleep ([`lost_wake_up`]).
//!
//! # The fix
//!
//! [`wait_group::fetch_all`] adds before it starts the thread. [`WaitGroup`](wait_group::WaitGroup) changes its count
//! under the lock under which a thread looks at it and goes to sleep.
//!
//! # The modules
//!
//! | module | what it does | the talk's page |
//! |---|---|---|
//! | [`sequential`] | fetches one part after another | 650 ms |
//! | [`joined`] | fetches all parts at once, in one task | 300 ms |
//! | [`spawned`] | fetches all parts at once, in a task each | 300 ms |
//! | [`hedged`] | does what `joined` does, and asks again if a source is unusually slow | 300 ms |
//! | [`wait_group`] | fetches all parts at once, on a thread each, as the talk draws it | 300 ms |
//!
//! Each has a function `page(sources, patience)`, which answers within the patience, whatever becomes of the sources.
//! [`wait_group::page`] blocks, and has no patience.
//!
//! [`skipped_done`] is from production: a fetch that panics is never counted as done. [`tail`] draws the times of services
//! that are sometimes slow, for pages with many fetches.

mod blocking;
mod caught;
mod error;
pub mod hedged;
pub mod joined;
pub mod late_add;
pub mod lost_wake_up;
mod page;
pub mod sequential;
pub mod skipped_done;
mod sources;
pub mod spawned;
mod sync;
pub mod tail;
pub mod wait_group;

pub use error::Error;
pub use page::{Page, Part};
pub use sources::Sources;

#[cfg(test)]
mod models;
