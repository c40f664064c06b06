//! What plans: a request whose resources are marked, ordered and limited to those meant. All rules get it.

use std::collections::{BTreeMap, BTreeSet};

use stackctl_model::{FieldRule, Reach, Resource, ResourceId, SecretSource, System};

use crate::{Goal, PlanScope, StackMark};

/// Keyed digests of desired secret values by resource and key under `data`; `None` where the value
/// cannot be read now or is generated. Comparable with those of what is live.
pub type Digests = BTreeMap<ResourceId, BTreeMap<String, Option<String>>>;

/// A request whose resources are marked, in order, and narrowed down to those meant.
#[derive(Clone, Debug)]
pub struct Planner {
    pub(crate) mark: StackMark,
    pub(crate) scope: PlanScope,
    pub(crate) resources: BTreeMap<ResourceId, Resource>,
    pub(crate) chosen: BTreeSet<ResourceId>,
    pub(crate) ownership: Vec<FieldRule>,
    pub(crate) digests: Digests,
    pub(crate) unreadable: BTreeMap<SecretSource, String>,
    pub(crate) machines: BTreeMap<String, Reach>,
    pub(crate) diagnoses: bool,
}

impl Planner {
    /// Whose resources these are.
    pub fn mark(&self) -> &StackMark {
        &self.mark
    }

    /// Whether the stack asks for anything that a system holds.
    pub(crate) fn has_any(&self, system: System) -> bool {
        self.resources.keys().any(|id| id.system() == Some(system))
    }

    /// The same, for good.
    pub fn into_resources(self) -> Vec<Resource> {
        self.resources.into_values().collect()
    }

    /// Whether a resource's data may be lost.
    pub(crate) fn may_lose(&self, id: &ResourceId, app: Option<&str>) -> bool {
        self.scope.may_lose(id, app)
    }

    /// Whether the stack no longer asks for what it once wrote, and the plan is about that.
    pub(crate) fn is_gone(&self, id: &ResourceId, app: Option<&str>) -> bool {
        let is_unasked = self.scope.goal == Goal::Destroy || !self.resources.contains_key(id);
        is_unasked && self.is_meant(id, app)
    }

    /// Whether what is in no file is among what is to be changed.
    pub(crate) fn is_meant(&self, id: &ResourceId, app: Option<&str>) -> bool {
        self.scope.is_meant(id, app)
    }

    /// All resources of the stack, marked, in the order of their ids.
    pub fn resources(&self) -> impl Iterator<Item = &Resource> + Clone {
        self.resources.values()
    }
}
