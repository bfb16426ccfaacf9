#![doc = include_str!("../README.md")]
//!
//! # The diagram
//!
//! A broker has one loop and four inputs: an event to send, a client to register, a client to unregister,
//! shutdown. It offers each event to every client without waiting; a client whose queue is full is
//! disconnected, so that fast clients are not held up by slow ones.
//!
//! # The defect
//!
//! Who is registered and whether the broker has shut down are looked at one after the other: a client can be
//! registered after the last one was closed ([`unclosed_client`]).
//!
//! # The fix
//!
//! Both are under one lock ([`registry`]).
//!
//! # The modules
//!
//! | module | what it is |
//! |---|---|
//! | [`blocking`] | waits for room in each client's queue: one stalled client stops all |
//! | [`broker`] | the talk's loop: a full queue means goodbye |
//! | [`lagging`] | Tokio's broadcast channel: a slow client is told how much it missed |
//! | [`registry`] | who is registered: the kernel |
//! | [`unclosed_client`], [`late_event`] | the kernel, broken in two ways |
//! | [`event`] | what is sent, and how it is written |
//! | [`history`] | numbers the events, keeps the last ones, and says what somebody missed |
//! | [`service`] | the broker behind HTTP: an axum router |
//! | [`serve`] | serves it, so that no client can keep a connection by doing nothing |
//!
//! All three brokers have `start(options)`, `subscribe`, `publish` and `shutdown`.

pub mod blocking;
pub mod broker;
pub mod event;
pub mod history;
pub mod lagging;
pub mod late_event;
mod options;
pub mod registry;
pub mod serve;
pub mod service;
mod sync;
pub mod unclosed_client;
mod write_timeout;

pub use options::{Closed, Options, Receipt, SubscribeError};

#[cfg(test)]
mod models;
