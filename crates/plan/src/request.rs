//! What is asked of the planner, and the same once it is marked, ordered and narrowed down.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use stackctl_model::{Desired, FieldRule, IdPattern, Live, Resource, ResourceId, closest};

use crate::systems::kubernetes::node_object::is_node;
use crate::systems::kubernetes::taints;
use crate::systems::machine;
use crate::{PlanError, StackMark, graph};

/// What the plan is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Goal {
    /// Make it as the stack says.
    Apply,
    /// Take down what the stack owns, keeping what holds data.
    Destroy,
    /// Delete for good what was retired and is named.
    Purge,
    /// Take back what was retired and is named.
    Undo,
}

impl Goal {
    /// Whether it is about what was retired, not about what the file asks for.
    pub fn is_about_retired(self) -> bool {
        match self {
            Self::Purge | Self::Undo => true,
            Self::Apply | Self::Destroy => false,
        }
    }
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
    /// What to do about fields that others have written; the first that fits holds.
    pub ownership: Vec<FieldRule>,
    /// Digests of desired secret values.
    pub digests: Digests,
}

/// A request whose resources are marked, in order, and narrowed down to those meant.
#[derive(Clone, Debug)]
pub struct Prepared {
    pub(crate) mark: StackMark,
    pub(crate) goal: Goal,
    pub(crate) resources: BTreeMap<ResourceId, Resource>,
    pub(crate) chosen: BTreeSet<ResourceId>,
    pub(crate) only: Vec<IdPattern>,
    pub(crate) except: Vec<IdPattern>,
    pub(crate) allow_data_loss: Vec<IdPattern>,
    pub(crate) ownership: Vec<FieldRule>,
    pub(crate) digests: Digests,
}

impl Request {
    /// Marks, orders and narrows down.
    pub fn prepare(mut self) -> Result<Prepared, PlanError> {
        let mut resources: BTreeMap<ResourceId, Resource> = BTreeMap::new();
        for mut resource in std::mem::take(&mut self.resources) {
            if let Desired::Object(object) = &mut resource.desired {
                if is_node(&resource.id) {
                    taints::stow(&mut object.value);
                }
                self.mark.stamp(&mut object.value);
            }
            if let Some(first) = resources.get(&resource.id) {
                let (first, second) = (first.origin.clone(), resource.origin);
                return Err(PlanError::Duplicate { id: resource.id, first, second });
            }
            resources.insert(resource.id.clone(), resource);
        }
        graph::check(&resources)?;
        if self.goal.is_about_retired() {
            return Ok(self.prepared(resources, BTreeSet::new()));
        }
        let mut chosen = if self.only.is_empty() {
            resources.keys().cloned().collect()
        } else {
            graph::needs(&resources, matching(&resources, &self.only)?)
        };
        for left_out in graph::dependents(&resources, matching(&resources, &self.except)?) {
            chosen.remove(&left_out);
        }
        Ok(self.prepared(resources, chosen))
    }

    fn prepared(
        self,
        resources: BTreeMap<ResourceId, Resource>,
        chosen: BTreeSet<ResourceId>,
    ) -> Prepared {
        Prepared {
            mark: self.mark,
            goal: self.goal,
            resources,
            chosen,
            only: self.only,
            except: self.except,
            allow_data_loss: self.allow_data_loss,
            ownership: self.ownership,
            digests: self.digests,
        }
    }
}

fn matching(
    resources: &BTreeMap<ResourceId, Resource>,
    patterns: &[IdPattern],
) -> Result<BTreeSet<ResourceId>, PlanError> {
    let mut found = BTreeSet::new();
    for pattern in patterns {
        let before = found.len();
        let matches = |(id, resource): &(&ResourceId, &Resource)| {
            pattern.matches(id, resource.app.as_deref())
        };
        found.extend(resources.iter().filter(matches).map(|(id, _)| id.clone()));
        if found.len() == before && !resources.iter().any(|entry| matches(&entry)) {
            return Err(unknown(resources, pattern));
        }
    }
    Ok(found)
}

fn unknown(resources: &BTreeMap<ResourceId, Resource>, pattern: &IdPattern) -> PlanError {
    let mut names: BTreeSet<String> = resources.keys().map(ToString::to_string).collect();
    names.extend(
        resources
            .values()
            .filter_map(|resource| resource.app.as_ref())
            .map(|app| format!("app.{app}")),
    );
    let written = pattern.to_string();
    let suggestion = closest(&written, names.iter().map(String::as_str)).map(str::to_owned);
    PlanError::UnknownId { pattern: written, suggestion }
}

impl Prepared {
    /// Whose resources these are.
    pub fn mark(&self) -> &StackMark {
        &self.mark
    }

    /// The same, with what was seen of machines in it: the groups that own their GPUs.
    #[must_use]
    pub fn informed(mut self, live: &Live) -> Self {
        machine::join(&mut self, live);
        self
    }

    /// The same, for good.
    pub fn into_resources(self) -> Vec<Resource> {
        self.resources.into_values().collect()
    }

    /// Whether a resource's data may be lost.
    pub(crate) fn may_lose(&self, id: &ResourceId, app: Option<&str>) -> bool {
        self.allow_data_loss.iter().any(|pattern| pattern.matches(id, app))
    }

    /// All resources of the stack, marked, in the order of their ids.
    pub fn resources(&self) -> impl Iterator<Item = &Resource> {
        self.resources.values()
    }
}
