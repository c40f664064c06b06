//! The plan: what will be done, why, and what it risks.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Action, Origin, ResourceId};

/// All that will be done, and a count of what will not. What is published of it is
/// [`PublishedPlan`](crate::PublishedPlan).
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The stack's name.
    pub stack: String,
    /// Counts by kind of action.
    pub summary: Summary,
    /// What is to be done, sorted by id.
    pub actions: Vec<Action>,
    /// What no target can manage yet, sorted by id.
    pub unmanaged: Vec<Remark>,
    /// What the stack needs and stackctl does not do, sorted by id: a person has to.
    pub findings: Vec<Remark>,
    /// Whole sentences that concern no single action.
    pub notes: Vec<String>,
    /// How many objects the stack owned when it was planned.
    pub owned: usize,
    /// Keyed digests behind the numbers of secret values.
    pub secrets: BTreeMap<u32, String>,
}

/// How many actions of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Made anew.
    pub create: usize,
    /// Changed in place.
    pub update: usize,
    /// Deleted and made anew.
    pub replace: usize,
    /// Deleted.
    pub delete: usize,
    /// Taken over from whoever made it.
    pub adopt: usize,
    /// Kept, but no longer part of the stack.
    pub retire: usize,
    /// Left for a later run.
    pub deferred: usize,
    /// Already as asked.
    pub unchanged: usize,
    /// Declared, but not managed yet.
    pub unmanaged: usize,
    /// For a person to do.
    #[serde(default)]
    pub findings: usize,
}

/// What is said of a declared thing that no action is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// The resource.
    pub id: ResourceId,
    /// Why there is no action, or what is missing and what to do.
    pub reason: String,
    /// The line that asks for it.
    pub source: Origin,
    /// The app it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app: Option<String>,
}
