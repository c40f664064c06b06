//! What the stack has, by name, by label and by app.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};
use stackctl_model::{Desired, ObjectId, Resource, ResourceId};

use super::labels::{Labelled, Selectors};

/// All lookups that edges need. Nothing here is printed, so the maps need no order.
pub(super) struct Index<'a> {
    ids: HashSet<&'a ResourceId>,
    workloads: HashMap<&'a str, Vec<&'a ResourceId>>,
    definitions: HashMap<(&'a str, &'a str), &'a ResourceId>,
    grants: HashMap<&'a str, Vec<&'a ResourceId>>,
    services: Labelled<'a>,
    policies: Selectors<'a>,
}

impl<'a> Index<'a> {
    pub(super) fn of(resources: &'a [Resource]) -> Self {
        let mut index = Self {
            ids: HashSet::with_capacity(resources.len()),
            workloads: HashMap::new(),
            definitions: HashMap::new(),
            grants: HashMap::new(),
            services: Labelled::default(),
            policies: Selectors::default(),
        };
        for resource in resources {
            index.ids.insert(&resource.id);
            if let (Some(own), Desired::Object(object)) =
                (resource.id.as_object(), &resource.desired)
            {
                index.add(resource, own, &object.value);
            }
        }
        index.policies.finish();
        index
    }

    fn add(&mut self, resource: &'a Resource, own: &'a ObjectId, value: &'a Value) {
        let id = &resource.id;
        let namespace = own.namespace.as_deref().unwrap_or_default();
        match (own.group.as_str(), own.kind.as_str()) {
            ("apps", "Deployment" | "StatefulSet" | "DaemonSet") => {
                if let Some(app) = &resource.app {
                    self.workloads.entry(app).or_default().push(id);
                }
            }
            ("apiextensions.k8s.io", "CustomResourceDefinition") => {
                let spec = &value["spec"];
                if let (Some(group), Some(kind)) =
                    (spec["group"].as_str(), spec["names"]["kind"].as_str())
                {
                    self.definitions.insert((group, kind), id);
                }
            }
            ("", "Service") => {
                if let Some(labels) = value["metadata"]["labels"].as_object() {
                    self.services.add(namespace, labels, id);
                }
            }
            ("cilium.io", "CiliumNetworkPolicy") => {
                self.policies.add(namespace, &value["spec"]["endpointSelector"], id);
            }
            ("networking.k8s.io", "NetworkPolicy") => {
                self.policies.add(namespace, &value["spec"]["podSelector"], id);
            }
            ("gateway.networking.k8s.io", "ReferenceGrant") => {
                self.grants.entry(namespace).or_default().push(id);
            }
            // Found by name alone.
            _ => {}
        }
    }

    pub(super) fn has(&self, id: &ResourceId) -> bool {
        self.ids.contains(id)
    }

    /// What runs an app's pods.
    pub(super) fn workloads_of(&self, app: &str) -> impl Iterator<Item = &'a ResourceId> + use<'a> {
        self.workloads.get(app).cloned().unwrap_or_default().into_iter()
    }

    /// The definition of a custom resource's kind.
    pub(super) fn definition_of(&self, object: &ObjectId) -> Option<&'a ResourceId> {
        self.definitions.get(&(object.group.as_str(), object.kind.as_str())).copied()
    }

    /// Policies that select pods with these labels.
    pub(super) fn policies_on(
        &self,
        namespace: &str,
        labels: &Map<String, Value>,
    ) -> impl Iterator<Item = &'a ResourceId> + use<'a> {
        self.policies.on(namespace, labels).into_iter()
    }

    /// Services that carry all of these labels.
    pub(super) fn services_with(
        &self,
        namespace: &str,
        wanted: &Map<String, Value>,
    ) -> impl Iterator<Item = &'a ResourceId> + use<'a> {
        self.services.with(namespace, wanted).into_iter()
    }

    /// What lets others refer into a namespace.
    pub(super) fn grants_in(
        &self,
        namespace: &str,
    ) -> impl Iterator<Item = &'a ResourceId> + use<'a> {
        self.grants.get(namespace).cloned().unwrap_or_default().into_iter()
    }
}
