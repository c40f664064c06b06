//! Tests against real parts. All share one control plane; each works in namespaces of its own.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may panic, read files and take the time"
)]

mod ci_examples;
mod control_plane;
mod kubernetes;
mod nodes;
mod robustness;
mod root_stack;
mod sandbox;
mod schema;
mod trust;
