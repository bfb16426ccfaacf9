#![doc = include_str!("../README.md")]

mod answer;
mod api;
mod cluster;
mod discovery;
mod faults;
mod kinds;
mod kubeconfig;
mod objects;
mod options;
mod parameters;
mod patch;
mod read;
mod refusal;
mod requests;
mod scale;
mod selectors;
mod server;
mod store;
mod strategic;
pub mod talk;
mod target;
mod watch;
mod write;

pub use cluster::{Cluster, Reset};
pub use faults::{Fault, Faults, Rule, When};
pub use options::{Load, Options};
pub use requests::Requests;
pub use server::Server;
