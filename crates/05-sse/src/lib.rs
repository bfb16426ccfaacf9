#![doc = include_str!("../README.md")]
//!
//! # The diagram
//!
//! A broker has one loop with four inputs: an event to send, a client to register, a client to unregister,
//! shutdown. The loop offers each event to every client without waiting. A client whose queue is full is
//! disconnected, so that a slow client never delays the others.
//!
//! # The defect
//!
//! Registering first checks whether the broker has shut down, and then adds the client to the list. Between the
//! two, a shutdown closes everyone on the list, and misses this client ([`unclosed_client`]).
//!
//! # The fix
//!
//! The flag and the list are under one lock ([`registry`]).
//!
//! # The modules
//!
//! | module | contents |
//! |---|---|
//! | [`blocking`] | a broker that waits for room in each client's queue: one stalled client stops all |
//! | [`broker`] | the talk's broker: a client whose queue is full is disconnected |
//! | [`lagging`] | Tokio's broadcast channel as a broker: a slow client is told how much it missed |
//! | [`registry`] | the kernel: the list of clients |
//! | [`unclosed_client`], [`late_event`] | the kernel, broken in two ways |
//! | [`event`] | an event and its encoding |
//! | [`history`] | numbers the events, keeps the newest, and finds what a client missed |
//! | [`service`] | the broker behind HTTP: an axum router |
//! | `nats` | several brokers over one NATS stream (with the feature `nats`) |
//! | [`serve`] | serves the router; no client can hold a connection open by doing nothing |
//! | [`unheard_goodbye`], [`rendezvous`] | from production: an unbuffered channel, broken and fixed |
//! | [`forged_event`] | from production: an encoder that lets data forge an event |
//!
//! All three brokers have `start(options)`, `subscribe`, `publish` and `shutdown`.

pub mod blocking;
pub mod broker;
pub mod event;
pub mod forged_event;
pub mod history;
pub mod lagging;
pub mod late_event;
#[cfg(feature = "nats")]
pub mod nats;
mod options;
pub mod registry;
pub mod rendezvous;
pub mod serve;
pub mod service;
mod sync;
pub mod unclosed_client;
pub mod unheard_goodbye;
mod write_timeout;

pub use options::{Closed, Options, Receipt, SubscribeError};

#[cfg(test)]
mod models;
