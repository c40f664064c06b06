//! The sandbox behind the engine, as the commands use it.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests drive files and may panic"
)]

mod crash;
mod drift;
mod lab;
mod main_job;
mod refusal;
mod secrets;
