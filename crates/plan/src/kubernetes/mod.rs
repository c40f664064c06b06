//! What is particular to Kubernetes: ownership, merging, equality, immutability, data, readiness.

mod merge;
mod ready;
mod schema;

pub use schema::Schema;

pub use merge::{merge, merge_patch};

pub use ready::{ClaimBinding, Readiness, readiness};
