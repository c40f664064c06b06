//! Tests against real parts. All share one control plane; each works in namespaces of its own.
#![expect(clippy::unwrap_used, reason = "a test that fails may panic")]

mod control_plane;
mod robustness;
mod root_stack;
mod schema;
