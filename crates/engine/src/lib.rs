//! Observes targets, carries out plans, retries, and tells events. In: resources and a [`Target`].
//! Out: a plan, then a stream of events and a report.
#![allow(
    clippy::disallowed_methods,
    reason = "secrets come from the environment, files and commands; runs are timed"
)]

mod act;
mod cancel;
mod error;
mod execute;
mod ledger;
mod machines;
mod observe;
mod process;
mod record;
mod retry;
mod secrets;
mod target;

pub use process::process_start;

pub use ledger::{KEPT, Ledger};

pub use record::{Author, generations, recording, unlock};

pub use target::{
    Asked, Cluster, Machines, Observation, OnMissing, SecretData, Target, TargetError, Targets,
};

pub use secrets::{DigestKey, KeyError, Masks, SecretError, SecretReader};

pub use observe::{PlanOptions, Planned, identity, plan};

pub use cancel::CancelToken;

pub use execute::{ExecuteOptions, execute};

pub use error::EngineError;
