//! Which settings of which machines a pod needs before it starts.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};
use stackctl_lang::Stack;
use stackctl_model::{Resource, ResourceId};

/// The settings of one node.
#[derive(Default)]
struct Machine<'a> {
    optional: bool,
    gpus: Vec<&'a ResourceId>,
    others: Vec<&'a ResourceId>,
}

/// The settings of all nodes of a stack.
pub(super) struct Machines<'a> {
    by_node: BTreeMap<&'a str, Machine<'a>>,
}

impl<'a> Machines<'a> {
    pub(super) fn of(stack: &Stack, resources: &'a [Resource]) -> Self {
        let mut by_node: BTreeMap<&str, Machine<'_>> = BTreeMap::new();
        for resource in resources {
            let ResourceId::Node { node, setting } = &resource.id else { continue };
            let machine = by_node.entry(node).or_default();
            machine.optional =
                stack.nodes.iter().any(|known| known.name.value == *node && known.optional);
            if setting.starts_with("gpu/") {
                machine.gpus.push(&resource.id);
            } else {
                machine.others.push(&resource.id);
            }
        }
        Self { by_node }
    }

    /// A pod needs the settings of every node it may run on; of a node that may be off only when it can
    /// run nowhere else.
    pub(super) fn edges(&self, pod: &Map<String, Value>, edges: &mut BTreeSet<ResourceId>) {
        if self.by_node.is_empty() {
            return;
        }
        let places = places(pod);
        let wants_gpu = wants_gpu(pod);
        for (node, machine) in &self.by_node {
            let may_run = match &places {
                Some(places) => places.contains(node),
                None => !machine.optional,
            };
            if may_run {
                edges.extend(machine.others.iter().copied().cloned());
                if wants_gpu {
                    edges.extend(machine.gpus.iter().copied().cloned());
                }
            }
        }
    }
}

/// The nodes a pod is bound to by name; `None` when it may run on any.
fn places(pod: &Map<String, Value>) -> Option<BTreeSet<&str>> {
    let selector = pod.get("nodeSelector").and_then(|labels| labels.get("kubernetes.io/hostname"));
    if let Some(node) = selector.and_then(Value::as_str) {
        return Some(BTreeSet::from([node]));
    }
    let required = pod
        .get("affinity")?
        .get("nodeAffinity")?
        .get("requiredDuringSchedulingIgnoredDuringExecution")?;
    let terms = required.get("nodeSelectorTerms")?.as_array()?;
    let mut nodes = BTreeSet::new();
    for term in terms {
        let rules = term.get("matchExpressions").and_then(Value::as_array);
        let rule = rules
            .into_iter()
            .flatten()
            .find(|rule| rule["key"] == "kubernetes.io/hostname" && rule["operator"] == "In")?;
        nodes.extend(rule["values"].as_array().into_iter().flatten().filter_map(Value::as_str));
    }
    Some(nodes)
}

/// Whether a container asks for a device of some GPU plugin.
fn wants_gpu(pod: &Map<String, Value>) -> bool {
    let containers = pod.get("containers").and_then(Value::as_array).into_iter().flatten();
    containers
        .filter_map(|container| container["resources"]["limits"].as_object())
        .flat_map(Map::keys)
        .any(|resource| resource.starts_with("gpu.") || resource.ends_with("/gpu"))
}
