//! The embedded target: a cluster's objects as readable files in one local folder.
//!
//! In: the same plans as a cluster gets. Out: one YAML file per object under `objects/`, kept under the
//! same rules of ownership, pruning and immutability. Nothing runs: what is written is ready at once.
//!
//! A sandbox is `objects/KIND/NAMESPACE/NAME.yaml` for people, and beside it `journal` (who owns which
//! field), `key` (of the digests that stand for secret values), `lock`, `generations/`
//! and `machines/NAME.yaml`.
#![allow(
    clippy::disallowed_methods,
    reason = "a target is where effects live; this one keeps files"
)]

mod apply;
mod error;
mod journal;
mod ledger;
mod lock;
mod machines;
mod names;
mod observe;
mod place;
mod store;
mod target;
mod yaml;

pub use error::SandboxError;

pub use target::Sandbox;
