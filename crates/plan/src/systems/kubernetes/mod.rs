//! What is particular to Kubernetes: ownership, merging, equality, immutability, readiness.

pub(crate) mod compare;
pub(crate) mod difference;
mod fields;
mod fill;
pub(crate) mod guard;
pub(crate) mod immutable;
pub mod kinds;
mod lists;
pub(crate) mod longhorn;
pub(crate) mod mark;
mod merge;
pub(crate) mod namespace;
pub(crate) mod node_object;
pub(crate) mod owned;
pub(crate) mod prune;
pub(crate) mod replace;
pub(crate) mod retire;
mod schema;
pub(crate) mod secrets;
pub(crate) mod taints;
pub(crate) mod yields;

pub use node_object::release_patch;

pub use taints::taints_patch;

pub use schema::{Schema, SchemaError};

pub use merge::{merge, merge_patch};

pub use immutable::immutable_violation;

pub use guard::{has_moved, is_as_desired};
