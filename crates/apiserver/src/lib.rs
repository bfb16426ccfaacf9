#![doc = include_str!("../README.md")]

mod answer;
mod api;
mod apply;
mod cluster;
mod discovery;
mod faults;
mod fields;
mod kinds;
mod kubeconfig;
mod managers;
mod objects;
mod openapi;
mod options;
mod parameters;
mod patch;
mod read;
mod refusal;
mod requests;
mod scale;
mod schema;
mod selectors;
mod server;
mod store;
mod strategic;
mod table;
pub mod talk;
mod target;
mod tls;
mod watch;
mod write;

pub use cluster::{Cluster, Reset};
pub use faults::{Fault, Faults, Rule, When};
pub use options::{Load, Options, Security};
pub use requests::Requests;
pub use server::Server;
