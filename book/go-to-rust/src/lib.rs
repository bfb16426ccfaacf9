#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

pub mod atomics;
pub mod channel;
pub mod context;
pub mod defer;
pub mod errgroup;
pub mod goroutine;
pub mod panics;
pub mod select;
pub mod sync_map;
pub mod wait_group;

/// Two threads add to one variable, and nothing orders the additions.
#[cfg(doctest)]
#[doc = concat!("```compile_fail,E0499\n", include_str!("../refused/data_race.rs"), "```")]
mod data_race {}

/// A map that two threads write to, without a lock.
#[cfg(doctest)]
#[doc = concat!("```compile_fail,E0499\n", include_str!("../refused/shared_map.rs"), "```")]
mod shared_map {}

/// A spawned task that keeps the guard of a `std` mutex across an await.
#[cfg(doctest)]
#[doc = concat!("```compile_fail\n", include_str!("../refused/guard_across_await.rs"), "```")]
mod guard_across_await {}

/// An atomic operation without an ordering.
#[cfg(doctest)]
#[doc = concat!("```compile_fail,E0061\n", include_str!("../refused/no_ordering.rs"), "```")]
mod no_ordering {}

/// A second receiver of an `mpsc` channel.
#[cfg(doctest)]
#[doc = concat!("```compile_fail,E0599\n", include_str!("../refused/second_receiver.rs"), "```")]
mod second_receiver {}
