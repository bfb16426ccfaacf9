#![doc = include_str!("../README.md")]
//!
//! # The diagram
//!
//! A change goes to 50 clusters. A cluster takes 2 s, so one after another they take 100 s, and ten at a time 10 s.
//!
//! # The defect
//!
//! A rollout that goes wrong has to stop: after so many failures nothing new begins. A worker that looks whether a failure
//! is left, and then takes it, can take the same one as another worker ([`overrun_budget`]). The count wraps around, and
//! the rollout goes on to all clusters.
//!
//! A reader that loads how many clusters have ended, and then what became of them, gets numbers that don't add up
//! ([`torn_progress`]).
//!
//! # The fix
//!
//! The look and the taking are one operation ([`FailureBudget`]). The counts are changed and read under one lock
//! ([`Progress`]).
//!
//! # The modules
//!
//! | module | what it does | 50 clusters of 2 s, limit 10 |
//! |---|---|---|
//! | [`sequential`] | changes one cluster after another | 100 s |
//! | [`batches`] | changes ten clusters, waits for all of them, and changes the next ten | 10 s |
//! | [`window`] | changes ten clusters at once, and the next one when one has ended | 10 s |
//! | [`waves`] | changes one cluster, the canary, then two, four, eight and so on | 16 s |
//!
//! Each has a function `deploy(clusters, plan, apply)`, which returns a [`Rollout`]. `apply` takes a cluster and returns a
//! future of a [`Change`] or of an [`ApplyError`].
//!
//! In the program, a cluster is a [`kubernetes::Cluster`]: its `apply` applies a manifest by server-side apply.
//!
//! # What a rollout promises
//!
//! - **Outcomes.** There is one [`Outcome`] per cluster, in the order of the clusters.
//! - **Order.** Clusters are taken in their order. Those that are in flight together may begin in any.
//! - **Retries.** A try that fails is repeated if the error says that this may help, after a wait that doubles and has jitter.
//!   The cluster's own wish to be left alone is added to the wait.
//! - **Budget.** Once the failure budget is spent, the clusters that haven't begun are `Skipped`. Those in flight go on, so
//!   at most the budget and those in flight fail. A cluster that times out counts as failed.
//! - **Deadlines.** At its own deadline, or at that of the rollout, a cluster's try is dropped at its next `await`, and the
//!   cluster is `TimedOut`. A wait that would pass the deadline isn't begun.
//! - **Stop.** Once the token is cancelled, no cluster begins and none is tried again: they are `Stopped`. Tries in flight
//!   go on, because a try that is dropped may have changed the cluster or not.
//! - **Panics.** If `apply` panics, its cluster has failed, and isn't tried again. If the observer panics, so does `deploy`,
//!   after aborting the clusters in flight.
//! - **Dropping.** If the future of `deploy` is dropped, the clusters in flight are aborted, each at its next `await`, and
//!   nothing else begins.
//! - **Runtime.** `deploy` panics outside a Tokio runtime with a timer.

mod apply;
pub mod batches;
mod budget;
mod counts;
mod event;
mod failure_budget;
mod kind;
pub mod kubernetes;
mod outcome;
pub mod overrun_budget;
mod panics;
mod plan;
mod progress;
mod rollout;
pub mod sequential;
mod steps;
mod strategy;
mod sync;
pub mod torn_progress;
pub mod waves;
pub mod window;

pub use apply::{ApplyError, Change};
pub use budget::{Budget, BudgetError, PerCent};
pub use counts::Counts;
pub use event::Event;
pub use failure_budget::FailureBudget;
pub use kind::Kind;
pub use outcome::{Cause, Outcome};
pub use plan::{Plan, PlanError, Settings};
pub use progress::Progress;
pub use rollout::Rollout;
pub use strategy::Strategy;

#[cfg(test)]
mod models;
