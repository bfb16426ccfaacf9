#![doc = include_str!("../README.md")]
//!
//! # The modules
//!
//! | modules | contents |
//! |---|---|
//! | `server`, `connection`, `resettable`, `tls`, `kubeconfig` | a cluster behind a socket |
//! | `fleet` | several of them |
//! | `cluster`, `faults`, `requests` | the service: it counts a request, delays it, fails it or passes it on |
//! | `api`, `target`, `parameters` | the router, and what a request asks for |
//! | `store` | the objects, their revisions, and the newest changes |
//! | `kinds`, `objects` | the kinds, and what an object must be |
//! | `read`, `selectors`, `watch` | GET, LIST and WATCH |
//! | `write`, `create`, `change`, `delete`, `scale` | the requests that write |
//! | `patch`, `strategic` | the three kinds of patch |
//! | `apply`, `managers`, `fields`, `schema` | server-side apply |
//! | `answer`, `table`, `refusal` | the answers |
//! | `discovery`, `openapi` | what the server says of itself |
//! | `options`, `load`, [`talk`] | what a server is started with |

mod answer;
mod api;
mod apply;
mod change;
mod cluster;
mod connection;
mod create;
mod delete;
mod discovery;
mod faults;
mod fields;
mod fleet;
mod kinds;
mod kubeconfig;
mod load;
mod managers;
mod objects;
mod openapi;
mod options;
mod parameters;
mod patch;
mod read;
mod refusal;
mod requests;
mod resettable;
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
pub use fleet::Fleet;
pub use options::{Load, Options, Security};
pub use requests::Requests;
pub use server::Server;
