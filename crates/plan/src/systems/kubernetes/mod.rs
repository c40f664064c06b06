//! What is particular to Kubernetes: ownership, merging, equality, immutability, readiness.

pub(crate) mod compare;
pub(crate) mod decide;
pub(crate) mod difference;
mod fields;
mod fill;
mod foundation;
pub(crate) mod guard;
pub(crate) mod immutable;
pub mod kinds;
pub(crate) mod leaving;
mod lists;
pub(crate) mod longhorn;
pub(crate) mod mark;
mod merge;
pub(crate) mod namespace;
pub(crate) mod node_object;
pub(crate) mod owned;
pub(crate) mod prune;
pub(crate) mod question;
pub(crate) mod replace;
pub(crate) mod retire;
mod schema;
pub(crate) mod secrets;
pub(crate) mod taints;
pub(crate) mod yields;

use std::collections::BTreeMap;

use stackctl_model::{Finding, Live, Preview, ResourceId};

pub(crate) use foundation::foundations;

pub(crate) use decide::Decider;

pub(crate) use difference::Differences;

pub(crate) use leaving::{gone, leaving, order_leaving};

pub(crate) use mark::Objects;

pub(crate) use namespace::hold_namespaces;

pub use node_object::release_patch;

pub use taints::taints_patch;

pub use schema::{Schema, SchemaError};

pub use merge::{merge, merge_patch};

pub use immutable::immutable_violation;

pub use guard::{has_moved, is_as_desired};

/// What is worth saying of the cluster, and of what it was not asked.
pub(crate) fn notes(live: &Live, previews: &BTreeMap<ResourceId, Preview>) -> Vec<Finding> {
    let mut notes = live.cluster.notes.clone();
    let unasked = previews.values().filter(|one| matches!(one, Preview::Unasked(_))).count();
    if unasked > 0 {
        let message = format!(
            "These credentials may read but not write, so the cluster was not asked about {unasked} of the \
             changes; what it would refuse is seen at apply."
        );
        notes.push(Finding::note("not-asked", message));
    }
    notes
}
