//! `stackctl render rbac`: the least rights that `plan` and `apply` need for a stack.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use stackctl_lang::Stack;
use stackctl_model::{Desired, GroupVersionKind, Resource, Scope, kind_of_group};
use stackctl_plan::kubernetes::kinds::rules as rules_of_kind;

/// A kind as rights name it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Kind {
    group: String,
    plural: String,
    namespaced: bool,
    /// Watched until its objects are ready.
    awaited: bool,
}

/// Who the rights are for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// `plan` and `diff`: reads only.
    Plan,
    /// `apply`: also writes, deletes and waits.
    Apply,
}

impl Role {
    fn name(self, stack: &str) -> String {
        match self {
            Self::Plan => format!("stackctl-{stack}-plan"),
            Self::Apply => format!("stackctl-{stack}-apply"),
        }
    }

    fn verbs(self, kind: &Kind) -> Vec<&'static str> {
        let mut verbs = vec!["get", "list"];
        // A machine's own object is neither made nor deleted.
        let is_node = kind.group.is_empty() && kind.plural == "nodes";
        if self == Self::Apply && is_node {
            verbs.push("patch");
        } else if self == Self::Apply {
            verbs.extend(["create", "patch", "delete"]);
            verbs.extend(kind.awaited.then_some("watch"));
        }
        verbs
    }
}

/// The roles, and a service account bound to each, as objects.
pub(super) fn objects(stack: &Stack, resources: &[Resource]) -> Vec<Value> {
    let kinds = kinds(resources);
    let own = stack.namespace.value.as_str();
    let mut namespaces: BTreeSet<&str> = BTreeSet::from([own]);
    let ids = resources.iter().filter_map(|resource| resource.id.as_object());
    namespaces.extend(ids.filter_map(|id| id.namespace.as_deref()));
    let mut objects = Vec::new();
    for role in [Role::Plan, Role::Apply] {
        let name = role.name(&stack.name.value);
        objects.push(json!({
            "apiVersion": "v1", "kind": "ServiceAccount",
            "metadata": {"name": name, "namespace": own},
        }));
        let rules = cluster_rules(role, &kinds, &namespaces);
        objects.extend(bound("ClusterRole", &name, (None, own), &rules));
        for namespace in &namespaces {
            let mut rules = namespace_rules(role, &kinds);
            if *namespace == own {
                rules.extend(own_rules(role, &stack.name.value, &kinds));
            }
            objects.extend(bound("Role", &name, (Some(namespace), own), &rules));
        }
    }
    objects
}

/// A role and what binds it to its service account.
fn bound(
    kind: &str,
    name: &str,
    (namespace, own): (Option<&str>, &str),
    rules: &[Value],
) -> [Value; 2] {
    let mut metadata = json!({"name": name});
    if let Some(namespace) = namespace {
        metadata["namespace"] = json!(namespace);
    }
    let group = "rbac.authorization.k8s.io";
    let version = format!("{group}/v1");
    [
        json!({"apiVersion": version, "kind": kind, "metadata": metadata, "rules": rules}),
        json!({
            "apiVersion": version, "kind": format!("{kind}Binding"), "metadata": metadata,
            "roleRef": {"apiGroup": group, "kind": kind, "name": name},
            "subjects": [{"kind": "ServiceAccount", "name": name, "namespace": own}],
        }),
    ]
}

/// Every kind of the stack.
fn kinds(resources: &[Resource]) -> Vec<Kind> {
    let objects = || {
        resources.iter().filter_map(|resource| match &resource.desired {
            Desired::Object(object) => Some((resource, object)),
            Desired::Setting(_) | Desired::OnNode(_) => None,
        })
    };
    let defined: BTreeMap<(String, String), String> = objects()
        .filter(|(resource, _)| {
            resource.id.as_object().is_some_and(|id| id.kind == "CustomResourceDefinition")
        })
        .filter_map(|(_, object)| {
            let spec = &object.value["spec"];
            let text = |value: &Value| value.as_str().map(str::to_owned);
            let key = (text(&spec["group"])?, text(&spec["names"]["kind"])?);
            Some((key, text(&spec["names"]["plural"])?))
        })
        .collect();
    let mut kinds = BTreeSet::new();
    for (resource, object) in objects() {
        let Some(GroupVersionKind { group, kind, .. }) = object.group_version_kind() else {
            continue;
        };
        let known = kind_of_group(&group, &kind);
        let plural = match known.and_then(|known| known.names) {
            Some(names) => names.plural.to_owned(),
            None => defined
                .get(&(group.clone(), kind.clone()))
                .cloned()
                .unwrap_or_else(|| format!("{}s", kind.to_ascii_lowercase())),
        };
        let namespaced = known.map_or_else(
            || resource.id.as_object().is_some_and(|id| id.namespace.is_some()),
            |known| known.scope == Scope::Namespace,
        );
        let awaited = rules_of_kind(&group, &kind).is_awaited();
        kinds.insert(Kind { group, plural, namespaced, awaited });
    }
    kinds.into_iter().collect()
}

/// Kinds with the same group and verbs share a rule.
fn rules(role: Role, kinds: &[Kind], is_wanted: impl Fn(&&Kind) -> bool) -> Vec<Value> {
    let mut grouped: BTreeMap<(&str, Vec<&str>), Vec<&str>> = BTreeMap::new();
    for kind in kinds.iter().filter(is_wanted) {
        grouped.entry((&kind.group, role.verbs(kind))).or_default().push(&kind.plural);
    }
    grouped
        .into_iter()
        .map(|((group, verbs), plurals)| json!({"apiGroups": [group], "resources": plurals, "verbs": verbs}))
        .collect()
}

fn cluster_rules(role: Role, kinds: &[Kind], namespaces: &BTreeSet<&str>) -> Vec<Value> {
    // A namespace goes only by name, and then by somebody who may delete it.
    let mut found = rules(role, kinds, |kind| !kind.namespaced && kind.plural != "namespaces");
    let names: BTreeSet<&str> = namespaces.iter().copied().chain(["kube-system"]).collect();
    found.push(json!({"apiGroups": [""], "resources": ["namespaces"], "verbs": ["get"], "resourceNames": names}));
    let owns_namespaces = kinds.iter().any(|kind| kind.plural == "namespaces");
    if owns_namespaces {
        let verbs: &[&str] =
            if role == Role::Apply { &["list", "create", "patch"] } else { &["list"] };
        found.push(json!({"apiGroups": [""], "resources": ["namespaces"], "verbs": verbs}));
    }
    let has_claims = kinds.iter().any(|kind| kind.plural == "persistentvolumeclaims");
    let has_classes = kinds.iter().any(|kind| kind.plural == "storageclasses");
    if role == Role::Apply && has_claims && !has_classes {
        // Whether a claim is bound at once or by its first pod is for its class to say.
        found.push(json!({"apiGroups": ["storage.k8s.io"], "resources": ["storageclasses"], "verbs": ["get", "list"]}));
    }
    found
}

fn namespace_rules(role: Role, kinds: &[Kind]) -> Vec<Value> {
    rules(role, kinds, |kind| kind.namespaced)
}

/// The stack's own record, lock and generations.
fn own_rules(role: Role, stack: &str, kinds: &[Kind]) -> Vec<Value> {
    let has_maps = kinds.iter().any(|kind| kind.plural == "configmaps" && kind.group.is_empty());
    let mut rules = Vec::new();
    match role {
        // Who may read all may read the record.
        Role::Plan if has_maps => {}
        Role::Plan => rules.push(json!({
            "apiGroups": [""], "resources": ["configmaps"], "verbs": ["get"],
            "resourceNames": [format!("stackctl-{stack}")],
        })),
        Role::Apply => {
            if !has_maps {
                rules.push(json!({"apiGroups": [""], "resources": ["configmaps"],
                    "verbs": ["get", "list", "create", "patch", "delete"]}));
            }
            rules.push(json!({"apiGroups": ["coordination.k8s.io"], "resources": ["leases"],
                "verbs": ["get", "create", "update", "delete"]}));
            // Not needed, but good to have: why something is not ready, and an event for each apply.
            rules.push(json!({"apiGroups": ["events.k8s.io"], "resources": ["events"], "verbs": ["create"]}));
            rules.push(
                json!({"apiGroups": [""], "resources": ["pods", "events"], "verbs": ["list"]}),
            );
        }
    }
    rules
}
