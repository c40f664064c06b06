//! The edges of each resource.

use std::collections::BTreeSet;

use serde_json::Value;
use stackctl_lang::Stack;
use stackctl_model::{Desired, Resource, ResourceId};

use super::index::Index;
use super::machines::Machines;
use super::references;

/// Sets the edges that follow from what the resources say.
pub(crate) fn link(resources: &mut [Resource], stack: &Stack) {
    let edges: Vec<BTreeSet<ResourceId>> = {
        let index = Index::of(resources);
        let machines = Machines::of(stack, resources);
        resources.iter().map(|resource| edges_of(resource, &index, &machines)).collect()
    };
    for (resource, edges) in resources.iter_mut().zip(edges) {
        resource.after.extend(edges);
    }
}

fn edges_of(
    resource: &Resource,
    index: &Index<'_>,
    machines: &Machines<'_>,
) -> BTreeSet<ResourceId> {
    let mut edges = BTreeSet::new();
    match (&resource.id, &resource.desired) {
        (ResourceId::Object(_), Desired::Object(object)) => {
            object_edges(resource, &object.value, index, &mut edges);
            if let Some(pod) = references::pod_of(&object.value) {
                machines.edges(pod, &mut edges);
            }
        }
        (ResourceId::App { app, setting }, _) => {
            edges.extend(index.workloads_of(app).cloned());
            let other = setting.rsplit('/').next().unwrap_or_default();
            edges.extend(index.workloads_of(other).cloned());
        }
        (ResourceId::Authentik { kind, name }, Desired::Setting(setting)) => {
            authentik_edges(kind, name, setting.get("groups"), index, &mut edges);
        }
        (ResourceId::Stack { .. }, Desired::Setting(setting)) => {
            let classes = setting.get("classes").and_then(Value::as_array).into_iter().flatten();
            let classes = classes.filter_map(Value::as_str);
            let ids = classes
                .map(|class| ResourceId::object("storage.k8s.io", "StorageClass", None, class));
            edges.extend(ids.filter(|id| index.has(id)));
        }
        (ResourceId::Object(_), Desired::Setting(_) | Desired::OnNode(_))
        | (ResourceId::Machine(_), _)
        | (
            ResourceId::Authentik { .. } | ResourceId::Stack { .. },
            Desired::Object(_) | Desired::OnNode(_),
        ) => {}
    }
    edges.remove(&resource.id);
    edges
}

fn object_edges(
    resource: &Resource,
    value: &Value,
    index: &Index<'_>,
    edges: &mut BTreeSet<ResourceId>,
) {
    let Some(own) = resource.id.as_object() else { return };
    for id in references::of(own, value) {
        if index.has(&id) {
            edges.insert(id);
        }
    }
    edges.extend(index.definition_of(own).cloned());
    let namespace = own.namespace.as_deref().unwrap_or_default();
    if let Some(pod_labels) = references::pod_labels_of(value) {
        // A pod that starts before its policy would be open for a moment.
        edges.extend(index.policies_on(namespace, pod_labels).cloned());
    }
    match own.kind.as_str() {
        "ServiceMonitor" => {
            if let Some(wanted) = value["spec"]["selector"]["matchLabels"].as_object() {
                edges.extend(index.services_with(namespace, wanted).cloned());
            }
        }
        "CronJob" => {
            let app = resource.app.as_deref().unwrap_or_default();
            edges.extend(index.workloads_of(app).cloned());
        }
        "HTTPRoute" | "GRPCRoute" | "TLSRoute" | "TCPRoute" | "UDPRoute" => {
            for other in references::foreign_backends(own, value) {
                edges.extend(index.grants_in(other).cloned());
            }
        }
        // Every other kind is linked by names alone.
        _ => {}
    }
}

fn authentik_edges(
    kind: &str,
    name: &str,
    groups: Option<&Value>,
    index: &Index<'_>,
    edges: &mut BTreeSet<ResourceId>,
) {
    if kind != "application" {
        return;
    }
    let id = |kind: &str, name: &str| ResourceId::Authentik {
        kind: kind.to_owned(),
        name: name.to_owned(),
    };
    let groups = groups.and_then(Value::as_array).into_iter().flatten();
    let groups = groups.filter_map(Value::as_str).map(|group| id("group", group));
    let all = groups.chain([id("provider", name)]);
    edges.extend(all.filter(|id| index.has(id)));
}
