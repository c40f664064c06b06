//! The Kubernetes API as a target: server-side apply with dry runs, lists by label, readiness by watches.
//!
//! In: observations, resources and actions. Out: live objects, previews and writes. The only crate that
//! sees kube.
#![allow(
    clippy::disallowed_methods,
    reason = "a target is where effects live; this one speaks to an API server"
)]

mod apply;
mod cause;
mod claim;
mod connect;
mod connection;
mod error;
mod hub;
mod inhabitants;
mod kind;
mod kinds;
mod ledger;
mod memory;
mod observe;
mod prepare;
mod preview;
mod ready;
mod request;
mod route;
mod secret;
mod target;
mod words;
mod write;

pub use connect::{ConnectError, ConnectOptions, install_crypto};

pub use target::Kubernetes;
