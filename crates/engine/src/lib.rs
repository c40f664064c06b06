//! Observes targets, carries out plans, retries, and tells events. In: resources and a [`Target`].
//! Out: a plan, then a stream of events and a report.
#![allow(
    clippy::disallowed_methods,
    reason = "secrets come from the environment, files and commands; runs are timed"
)]

mod act;
mod cancel;
mod error;
mod events;
mod execute;
mod ledger;
mod look;
mod options;
mod plan;
mod planned;
mod process;
mod record;
mod retry;
mod secrets;
mod target;
mod target_error;

pub use process::process_start;

pub use target_error::TargetError;

pub use ledger::{Beginning, KEPT, Ledger};

pub use target::{OnMissing, SecretData, Target, Targets};

pub use options::{Author, ExecuteOptions, PlanOptions};

pub use record::{generations, recording, unlock};

pub use secrets::{DigestKey, KeyError, Masks, SecretError, SecretReader};

pub use planned::Planned;

pub use plan::{identity, plan};

pub use cancel::CancelToken;

pub use execute::execute;

pub use error::EngineError;
