//! Which settings of which machines a pod needs before it starts.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};
use stackctl_lang::Stack;
use stackctl_model::{Desired, Resource, ResourceId, SettingName};

const HOSTNAME: &str = "kubernetes.io/hostname";

/// The settings of one node.
#[derive(Default)]
struct Machine<'a> {
    optional: bool,
    /// Labels that the stack knows of.
    labels: BTreeMap<&'a str, &'a str>,
    /// Its Node object, where the stack puts labels on it.
    object: Option<&'a ResourceId>,
    gpus: Vec<&'a ResourceId>,
    others: Vec<&'a ResourceId>,
}

/// The settings of all nodes of a stack.
pub(super) struct Machines<'a> {
    by_node: BTreeMap<&'a str, Machine<'a>>,
}

impl<'a> Machines<'a> {
    pub(super) fn of(stack: &'a Stack, resources: &'a [Resource]) -> Self {
        let mut by_node: BTreeMap<&str, Machine<'_>> = BTreeMap::new();
        for node in &stack.nodes {
            let name = node.name.value.as_str();
            let machine = by_node.entry(name).or_default();
            machine.optional = node.reach.optional;
            machine.labels.insert(HOSTNAME, name);
        }
        for resource in resources {
            match (&resource.id, &resource.desired) {
                (ResourceId::Machine(id), _) => {
                    let machine = by_node.entry(&id.node).or_default();
                    let is_gpu = matches!(id.setting, SettingName::Gpu(_));
                    (if is_gpu { &mut machine.gpus } else { &mut machine.others })
                        .push(&resource.id);
                }
                (ResourceId::Object(id), Desired::Object(object)) if id.kind == "Node" => {
                    let machine = by_node.entry(&id.name).or_default();
                    machine.object = Some(&resource.id);
                    let labels = object.value["metadata"]["labels"].as_object();
                    let labels = labels.into_iter().flatten();
                    machine.labels.extend(
                        labels.filter_map(|(key, value)| Some((key.as_str(), value.as_str()?))),
                    );
                }
                _ => {}
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
        let rules = self.rules(pod);
        let wants_gpu = wants_gpu(pod);
        for machine in self.by_node.values() {
            let fits = |rule: &Rule<'_>| {
                machine.labels.get(rule.key).is_some_and(|value| rule.values.contains(value))
            };
            let may_run = if rules.is_empty() { !machine.optional } else { rules.iter().all(fits) };
            if !may_run {
                continue;
            }
            edges.extend(machine.others.iter().copied().cloned());
            if wants_gpu {
                edges.extend(machine.gpus.iter().copied().cloned());
            }
            if rules.iter().any(|rule| rule.key != HOSTNAME) {
                edges.extend(machine.object.cloned());
            }
        }
    }

    /// What a pod asks of the labels of its node, as far as the stack knows those labels.
    fn rules<'p>(&self, pod: &'p Map<String, Value>) -> Vec<Rule<'p>> {
        let is_known =
            |rule: &Rule<'_>| self.by_node.values().any(|node| node.labels.contains_key(rule.key));
        let selector = pod.get("nodeSelector").and_then(Value::as_object);
        let selector = selector.into_iter().flatten();
        let selected = selector.filter_map(|(key, value)| {
            Some(Rule { key: key.as_str(), values: vec![value.as_str()?] })
        });
        selected.chain(required(pod)).filter(is_known).collect()
    }
}

/// A label that a node must have with one of some values.
struct Rule<'p> {
    key: &'p str,
    values: Vec<&'p str>,
}

/// The rules of a required node affinity of one term. With more terms a pod may run on more nodes than any
/// one of them says.
fn required(pod: &Map<String, Value>) -> Vec<Rule<'_>> {
    let terms = pod
        .get("affinity")
        .and_then(|affinity| affinity.get("nodeAffinity"))
        .and_then(|affinity| affinity.get("requiredDuringSchedulingIgnoredDuringExecution"))
        .and_then(|required| required.get("nodeSelectorTerms"))
        .and_then(Value::as_array);
    let Some([term]) = terms.map(Vec::as_slice) else { return Vec::new() };
    let rules = term.get("matchExpressions").and_then(Value::as_array).into_iter().flatten();
    rules
        .filter(|rule| rule["operator"] == "In")
        .filter_map(|rule| {
            let values = rule["values"].as_array()?.iter().filter_map(Value::as_str).collect();
            Some(Rule { key: rule["key"].as_str()?, values })
        })
        .collect()
}

/// Whether a container asks for a device of some GPU plugin, or the pod claims one.
fn wants_gpu(pod: &Map<String, Value>) -> bool {
    let containers = pod.get("containers").and_then(Value::as_array).into_iter().flatten();
    pod.contains_key("resourceClaims")
        || containers
            .filter_map(|container| container["resources"]["limits"].as_object())
            .flat_map(Map::keys)
            .any(|resource| resource.starts_with("gpu.") || resource.ends_with("/gpu"))
}
