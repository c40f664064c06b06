//! The compact table of list keys, sets, atoms, quantities and defaults (`stackctl.schema/1`), made from
//! the API server's own `OpenAPI` documents and CRDs.
//!
//! In: a running control plane and the type names that `defaults.json` must find. Out: the text of
//! `crates/plan/src/systems/kubernetes/schema.json`.

mod compact;
mod walk;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::ControlPlane;
use compact::compact;
use walk::Walk;

/// Built-in kinds in the table, by the path of their document.
const BUILT_IN: &[(&str, &[&str])] = &[
    (
        "api/v1",
        &[
            "ConfigMap",
            "LimitRange",
            "Namespace",
            "PersistentVolume",
            "PersistentVolumeClaim",
            "Pod",
            "ResourceQuota",
            "Secret",
            "Service",
            "ServiceAccount",
        ],
    ),
    (
        "apis/admissionregistration.k8s.io/v1",
        &["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"],
    ),
    ("apis/apiextensions.k8s.io/v1", &["CustomResourceDefinition"]),
    ("apis/apiregistration.k8s.io/v1", &["APIService"]),
    ("apis/apps/v1", &["DaemonSet", "Deployment", "StatefulSet"]),
    ("apis/autoscaling/v2", &["HorizontalPodAutoscaler"]),
    ("apis/batch/v1", &["CronJob", "Job"]),
    ("apis/networking.k8s.io/v1", &["Ingress", "IngressClass", "NetworkPolicy"]),
    ("apis/node.k8s.io/v1", &["RuntimeClass"]),
    ("apis/policy/v1", &["PodDisruptionBudget"]),
    (
        "apis/rbac.authorization.k8s.io/v1",
        &["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"],
    ),
    ("apis/scheduling.k8s.io/v1", &["PriorityClass"]),
    ("apis/storage.k8s.io/v1", &["StorageClass", "VolumeAttributesClass"]),
];

/// Custom kinds in the table, in every version served.
const CUSTOM: &[&str] = &[
    "Certificate",
    "CiliumClusterwideNetworkPolicy",
    "CiliumL2AnnouncementPolicy",
    "CiliumLoadBalancerIPPool",
    "CiliumNetworkPolicy",
    "ClusterIssuer",
    "Gateway",
    "GatewayClass",
    "HTTPRoute",
    "Issuer",
    "PrometheusRule",
    "RecurringJob",
    "ReferenceGrant",
    "ServiceMonitor",
];

/// Types by name, each `{"atomic": …, "fields": {…}}`.
type Types = BTreeMap<String, Value>;

/// Makes the table. `defaults` is the text of `defaults.json`, whose types stay even when empty.
pub fn schema_table(cluster: &ControlPlane, defaults: &str) -> Result<String> {
    let defaults: Value = serde_json::from_str(defaults)?;
    let mut types = Types::new();
    let mut kinds = BTreeMap::new();
    for (document, wanted) in BUILT_IN {
        built_in(cluster, document, wanted, &mut types, &mut kinds)?;
    }
    custom(cluster, &mut types, &mut kinds)?;
    let keep = names(&defaults["types"]).chain(listed(&defaults["keep"])).collect();
    let types = compact(types, &kinds, &keep);
    Ok(text(&kinds, &types))
}

fn names(object: &Value) -> impl Iterator<Item = String> {
    object.as_object().into_iter().flatten().map(|(name, _)| name.clone())
}

fn listed(list: &Value) -> impl Iterator<Item = String> {
    list.as_array().into_iter().flatten().filter_map(|name| name.as_str().map(str::to_owned))
}

fn built_in(
    cluster: &ControlPlane,
    document: &str,
    wanted: &[&str],
    types: &mut Types,
    kinds: &mut BTreeMap<String, Value>,
) -> Result<()> {
    let text = cluster.run(&["get", "--raw", &format!("/openapi/v3/{document}")])?;
    let document_value: Value = serde_json::from_str(&text)?;
    let definitions = document_value["components"]["schemas"]
        .as_object()
        .context("a document without schemas")?;
    let version = document.trim_start_matches("apis/").trim_start_matches("api/");
    for (name, definition) in definitions {
        let own = definition["x-kubernetes-group-version-kind"].as_array().into_iter().flatten();
        for kind in own.filter_map(|own| own["kind"].as_str()).filter(|kind| wanted.contains(kind))
        {
            let of = Walk { definitions, types, custom: false }.named(name);
            kinds.insert(format!("{version}/{kind}"), json!({"of": of}));
        }
    }
    Ok(())
}

fn custom(
    cluster: &ControlPlane,
    types: &mut Types,
    kinds: &mut BTreeMap<String, Value>,
) -> Result<()> {
    let definitions = cluster.get(&["crd"])?;
    let none = serde_json::Map::new();
    for definition in definitions["items"].as_array().into_iter().flatten() {
        let spec = &definition["spec"];
        let kind = spec["names"]["kind"].as_str().unwrap_or_default();
        let group = spec["group"].as_str().unwrap_or_default();
        let versions = spec["versions"].as_array().into_iter().flatten();
        for version in
            versions.filter(|version| CUSTOM.contains(&kind) && version["served"] == true)
        {
            let root = format!("{group}/{}/{kind}", version["name"].as_str().unwrap_or_default());
            let mut schema = version["schema"]["openAPIV3Schema"].clone();
            if let Some(properties) = schema["properties"].as_object_mut() {
                properties.retain(|name, _| {
                    !matches!(name.as_str(), "status" | "metadata" | "apiVersion" | "kind")
                });
            }
            Walk { definitions: &none, types, custom: true }.inline(&schema, &root);
            if let Some(entry) = types.get_mut(&root) {
                entry["fields"]["metadata"] = json!({"of": "meta.v1.ObjectMeta"});
            }
            kinds.insert(root.clone(), json!({"custom": true, "of": root}));
        }
    }
    Ok(())
}

/// One line a kind and a type, so that a change reads well.
fn text(kinds: &BTreeMap<String, Value>, types: &Types) -> String {
    let lines = |entries: &BTreeMap<String, Value>| {
        let lines: Vec<_> = entries
            .iter()
            .map(|(name, entry)| format!("  {}: {}", json!(name), spaced(entry)))
            .collect();
        lines.join(",\n")
    };
    format!(
        "{{\n\"format\": \"stackctl.schema/1\",\n\"source\": {},\n\"kinds\": {{\n{}\n}},\n\"types\": {{\n{}\n}}\n}}\n",
        json!(SOURCE),
        lines(kinds),
        lines(types)
    )
}

/// What the parts of the control plane are.
const SOURCE: &str = "Kubernetes 1.35.4, Gateway API 1.6.3, Cilium 1.20.2, cert-manager 1.21.2, \
                      Prometheus operator 0.85.0, Longhorn 1.10.0";

/// JSON in one line with a blank after `:` and `,`.
fn spaced(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let parts: Vec<_> = map
                .iter()
                .map(|(name, value)| format!("{}: {}", json!(name), spaced(value)))
                .collect();
            format!("{{{}}}", parts.join(", "))
        }
        Value::Array(items) => {
            let parts: Vec<_> = items.iter().map(spaced).collect();
            format!("[{}]", parts.join(", "))
        }
        scalar => scalar.to_string(),
    }
}

/// The types that stay although nothing is known of their fields.
type Keep = BTreeSet<String>;
