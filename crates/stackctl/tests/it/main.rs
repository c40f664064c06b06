//! Tests of the command as people use it: through the built binary.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests drive files and processes and may panic"
)]

mod architecture;
mod command;
mod contract;
mod diagnostics;
mod documents;
mod history;
mod interface;
mod kinds;
mod lints;
mod retire;
mod sandbox;
mod saved;
mod screen;
