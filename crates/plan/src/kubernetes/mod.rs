//! What is particular to Kubernetes: ownership, merging, equality, immutability, readiness.

pub(crate) mod compare;
mod fields;
mod fill;
pub(crate) mod guard;
pub(crate) mod immutable;
mod lists;
mod merge;
pub(crate) mod node_object;
pub(crate) mod owned;
mod ready;
mod schema;
pub(crate) mod taints;
pub(crate) mod yields;

pub use node_object::release_patch;

pub use taints::taints_patch;

pub use schema::{Schema, SchemaError};

pub use merge::{merge, merge_patch};

pub use immutable::immutable_violation;

pub use guard::{has_moved, is_as_desired};

pub use ready::{ClaimBinding, Readiness, readiness};
