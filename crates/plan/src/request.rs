//! What is asked of the planner; it is marked, ordered and narrowed down before anything is looked at.

use std::collections::{BTreeMap, BTreeSet};

use stackctl_model::{
    Desired, FieldRule, IdPattern, Reach, Resource, ResourceId, SecretSource, closest,
};

use crate::systems::kubernetes::node_object;
use crate::systems::machine;
use crate::{Digests, Goal, PlanError, PlanScope, Planner, StackMark, graph};

/// What is asked of the planner.
#[derive(Clone, Debug)]
pub struct Request {
    /// Whose resources these are.
    pub mark: StackMark,
    /// All resources of the stack.
    pub resources: Vec<Resource>,
    /// What the plan is for, and to what it is limited.
    pub scope: PlanScope,
    /// What to do about fields that others have written; the first that fits holds.
    pub ownership: Vec<FieldRule>,
    /// Digests of desired secret values.
    pub digests: Digests,
    /// Where secret values come from that could not be read, and why.
    pub unreadable: BTreeMap<SecretSource, String>,
    /// The stack's machines and how they are reached.
    pub machines: BTreeMap<String, Reach>,
    /// Whether what would make the stack fail is looked for too.
    pub diagnoses: bool,
}

impl Request {
    /// All of a goal, for a stack that asks for nothing yet.
    pub fn new(mark: StackMark, goal: Goal) -> Self {
        Self {
            mark,
            resources: Vec::new(),
            scope: PlanScope::all_of(goal),
            ownership: Vec::new(),
            digests: Digests::new(),
            unreadable: BTreeMap::new(),
            machines: BTreeMap::new(),
            diagnoses: false,
        }
    }

    /// Marks, orders and narrows down.
    pub fn prepare(mut self) -> Result<Planner, PlanError> {
        let mut resources: BTreeMap<ResourceId, Resource> = BTreeMap::new();
        for mut resource in std::mem::take(&mut self.resources) {
            if let Desired::Object(object) = &mut resource.desired {
                node_object::note_taints(&resource.id, &mut object.value);
                self.mark.stamp(&mut object.value);
            }
            if let Some(first) = resources.get(&resource.id) {
                let (first, second) = (first.origin.clone(), resource.origin);
                return Err(PlanError::Duplicate { id: resource.id, first, second });
            }
            resources.insert(resource.id.clone(), resource);
        }
        graph::check(&resources)?;
        if self.scope.goal.is_about_retired() {
            return Ok(self.planner(resources, BTreeSet::new()));
        }
        let mut chosen = if self.scope.only.is_empty() {
            resources.keys().cloned().collect()
        } else {
            graph::needs(&resources, matching(&resources, &self.scope.only)?)
        };
        for left_out in graph::dependents(&resources, matching(&resources, &self.scope.except)?) {
            chosen.remove(&left_out);
        }
        Ok(self.planner(resources, chosen))
    }

    fn planner(
        self,
        resources: BTreeMap<ResourceId, Resource>,
        chosen: BTreeSet<ResourceId>,
    ) -> Planner {
        Planner {
            mark: self.mark,
            scope: self.scope,
            machines: machine::declared(self.machines, &resources),
            resources,
            chosen,
            ownership: self.ownership,
            digests: self.digests,
            unreadable: self.unreadable,
            diagnoses: self.diagnoses,
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
