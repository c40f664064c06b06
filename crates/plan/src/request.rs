//! What is asked of the planner, and the same once it is marked, ordered and narrowed down.

use std::collections::BTreeMap;

use stackctl_model::{IdPattern, Live, Plan, Preview, Resource, ResourceId, Summary};

use crate::{PlanError, StackMark};

/// What the plan is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// Make it as the stack says.
    Apply,
    /// Take down what the stack owns, keeping what holds data.
    Destroy,
}

/// Keyed digests of desired secret values by resource and key under `data`; `None` where the value
/// cannot be read now or is generated. Comparable with [`Live::digests`].
pub type Digests = BTreeMap<ResourceId, BTreeMap<String, Option<String>>>;

/// What is asked of the planner.
#[derive(Clone, Debug)]
pub struct Request {
    /// Whose resources these are.
    pub mark: StackMark,
    /// All resources of the stack.
    pub resources: Vec<Resource>,
    /// What the plan is for.
    pub goal: Goal,
    /// Only these and what they need; empty for all.
    pub only: Vec<IdPattern>,
    /// Not these and not what needs them.
    pub except: Vec<IdPattern>,
    /// Data that may be lost, by name.
    pub allow_data_loss: Vec<IdPattern>,
    /// Digests of desired secret values.
    pub digests: Digests,
}

/// A request whose resources are marked, in order, and narrowed down to those meant.
#[derive(Clone, Debug)]
pub struct Prepared {
    pub(crate) mark: StackMark,
    pub(crate) goal: Goal,
    pub(crate) resources: BTreeMap<ResourceId, Resource>,
}

impl Request {
    /// Marks, orders and narrows down.
    pub fn prepare(self) -> Result<Prepared, PlanError> {
        let mut resources = BTreeMap::new();
        for resource in self.resources {
            resources.insert(resource.id.clone(), resource);
        }
        Ok(Prepared { mark: self.mark, goal: self.goal, resources })
    }
}

impl Prepared {
    /// Whose resources these are.
    pub fn mark(&self) -> &StackMark {
        &self.mark
    }

    /// All resources of the stack, marked, in the order of their ids.
    pub fn resources(&self) -> impl Iterator<Item = &Resource> {
        self.resources.values()
    }

    /// Resources that are absent or differ, and that the server can be asked about.
    pub fn to_preview(&self, live: &Live) -> Vec<&Resource> {
        let _ = (live, self.goal);
        Vec::new()
    }

    /// Decides what is done to each resource.
    pub fn plan(self, live: &Live, previews: &BTreeMap<ResourceId, Preview>) -> Plan {
        let _ = (live, previews);
        Plan {
            format: Plan::FORMAT,
            stack: self.mark.name,
            summary: Summary::default(),
            actions: Vec::new(),
            unmanaged: Vec::new(),
            notes: Vec::new(),
        }
    }
}
