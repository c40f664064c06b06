//! The plan: what will be done, why, and what it risks.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Action, Finding};

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
    pub unmanaged: Vec<Finding>,
    /// What the stack needs and stackctl does not do, sorted by id: a person has to.
    pub findings: Vec<Finding>,
    /// Whole sentences that concern no single action.
    pub notes: Vec<Finding>,
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
