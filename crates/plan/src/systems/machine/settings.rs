//! The machines of a stack, and what it asks of each.

use std::collections::BTreeMap;

use stackctl_model::{Desired, MachineId, Reach, Resource, ResourceId};

use crate::Planner;

/// The machines of a stack: those it declares, and those its resources are on.
pub(crate) fn declared(
    mut machines: BTreeMap<String, Reach>,
    resources: &BTreeMap<ResourceId, Resource>,
) -> BTreeMap<String, Reach> {
    for (id, resource) in resources {
        if let (ResourceId::Machine(id), Desired::OnNode(asked)) = (id, &resource.desired) {
            machines.entry(id.node.clone()).or_insert_with(|| asked.reach.clone());
        }
    }
    machines
}

/// What the stack asks of a machine.
pub(super) fn settings_of<'p>(
    planner: &'p Planner,
    node: &'p str,
) -> impl Iterator<Item = &'p Resource> {
    let from_here = planner.resources.range(ResourceId::Machine(MachineId::first_of(node))..);
    let is_here = move |id: &ResourceId| id.as_machine().is_some_and(|id| id.node == node);
    from_here.take_while(move |(id, _)| is_here(id)).map(|(_, resource)| resource)
}
