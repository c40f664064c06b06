//! What needs what: cycles, and the actions that come first.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use stackctl_model::{Resource, ResourceId};

use crate::PlanError;

/// Refuses resources that need each other in a circle.
pub(crate) fn check(resources: &BTreeMap<ResourceId, Resource>) -> Result<(), PlanError> {
    let mut graph: DiGraph<&Resource, ()> = DiGraph::new();
    let places: BTreeMap<&ResourceId, NodeIndex> =
        resources.iter().map(|(id, resource)| (id, graph.add_node(resource))).collect();
    for (id, resource) in resources {
        for need in &resource.after {
            if let (Some(from), Some(to)) = (places.get(id), places.get(need)) {
                graph.add_edge(*from, *to, ());
            }
        }
    }
    let circle = kosaraju_scc(&graph).into_iter().find(|part| match part.as_slice() {
        [one] => graph.contains_edge(*one, *one),
        _ => true,
    });
    let Some(circle) = circle else { return Ok(()) };
    Err(PlanError::Cycle { path: walk(&graph, &circle) })
}

/// One way round a circle, beginning with its first id.
fn walk(
    graph: &DiGraph<&Resource, ()>,
    circle: &[NodeIndex],
) -> Vec<(ResourceId, stackctl_model::Origin)> {
    let members: BTreeSet<NodeIndex> = circle.iter().copied().collect();
    let first = circle
        .iter()
        .copied()
        .min_by_key(|place| graph.node_weight(*place).map(|one| one.id.clone()));
    let mut path = Vec::new();
    let mut seen: Vec<NodeIndex> = Vec::new();
    let mut here = first;
    while let Some(place) = here {
        if let Some(start) = seen.iter().position(|other| *other == place) {
            return path.split_off(start);
        }
        seen.push(place);
        path.extend(graph.node_weight(place).map(|one| (one.id.clone(), one.origin.clone())));
        here = graph.neighbors(place).filter(|next| members.contains(next)).min();
    }
    path
}

/// For each resource the nearest actions among what it needs: what is unchanged is passed through.
pub(crate) struct Bridges<'r> {
    resources: &'r BTreeMap<ResourceId, Resource>,
    actions: &'r BTreeSet<ResourceId>,
    known: BTreeMap<ResourceId, BTreeSet<ResourceId>>,
}

impl<'r> Bridges<'r> {
    pub(crate) fn new(
        resources: &'r BTreeMap<ResourceId, Resource>,
        actions: &'r BTreeSet<ResourceId>,
    ) -> Self {
        Self { resources, actions, known: BTreeMap::new() }
    }

    /// The actions that come before this resource. Walks without recursion: chains may be long.
    pub(crate) fn before(&mut self, id: &ResourceId) -> BTreeSet<ResourceId> {
        let mut open = vec![id.clone()];
        while let Some(top) = open.last().cloned() {
            let none = BTreeSet::new();
            let needs = self.resources.get(&top).map_or(&none, |resource| &resource.after);
            let is_open = |need: &&ResourceId| {
                !self.actions.contains(*need) && !self.known.contains_key(*need)
            };
            let unknown: Vec<_> = needs.iter().filter(is_open).cloned().collect();
            if !unknown.is_empty() {
                open.extend(unknown);
                continue;
            }
            let mut before = BTreeSet::new();
            for need in needs {
                match self.known.get(need) {
                    Some(known) if !self.actions.contains(need) => {
                        before.extend(known.iter().cloned());
                    }
                    Some(_) | None => {
                        before.insert(need.clone());
                    }
                }
            }
            self.known.insert(top, before);
            open.pop();
        }
        self.known.get(id).cloned().unwrap_or_default()
    }
}

/// All that these need, themselves included.
pub(crate) fn needs(
    resources: &BTreeMap<ResourceId, Resource>,
    from: BTreeSet<ResourceId>,
) -> BTreeSet<ResourceId> {
    let mut open: Vec<ResourceId> = from.into_iter().collect();
    let mut found = BTreeSet::new();
    while let Some(id) = open.pop() {
        if found.insert(id.clone()) {
            open.extend(
                resources.get(&id).into_iter().flat_map(|resource| resource.after.iter().cloned()),
            );
        }
    }
    found
}

/// All that needs these, themselves included.
pub(crate) fn dependents(
    resources: &BTreeMap<ResourceId, Resource>,
    from: BTreeSet<ResourceId>,
) -> BTreeSet<ResourceId> {
    let mut back: BTreeMap<&ResourceId, Vec<&ResourceId>> = BTreeMap::new();
    for (id, resource) in resources {
        for need in &resource.after {
            back.entry(need).or_default().push(id);
        }
    }
    let mut open: Vec<ResourceId> = from.into_iter().collect();
    let mut found = BTreeSet::new();
    while let Some(id) = open.pop() {
        open.extend(back.get(&id).into_iter().flatten().map(|id| (*id).clone()));
        found.insert(id);
    }
    found
}
