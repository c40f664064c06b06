//! What the server fills in where an object says nothing: plain defaults from the tables, and those that
//! depend on other fields from here.

use serde_json::{Map, Value, json};

use super::schema::Shape;

/// Fills defaults into a value at a place, all the way down. Unknown kinds are left as they are.
pub(crate) fn fill(value: &mut Value, shape: Shape<'_>) {
    if !shape.is_known() {
        return;
    }
    match value {
        Value::Object(map) => {
            if let Some(of) = shape.struct_type() {
                for (name, default) in &of.defaults {
                    if !map.contains_key(name) {
                        map.insert(name.clone(), default.clone());
                    }
                }
                fill_dependent(&of.name, map);
            }
            for (name, child) in map.iter_mut() {
                fill(child, shape.field(name));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| fill(item, shape.item())),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn set(map: &mut Map<String, Value>, name: &str, value: impl FnOnce() -> Value) {
    if !map.contains_key(name) {
        map.insert(name.to_owned(), value());
    }
}

fn text<'a>(map: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    map.get(name).and_then(Value::as_str)
}

/// Names of types and fields are the server's, so this is a match on text.
fn fill_dependent(type_name: &str, map: &mut Map<String, Value>) {
    match type_name {
        "core.v1.Container" | "core.v1.EphemeralContainer" => fill_pull_policy(map),
        "core.v1.PodSpec" => fill_service_account(map),
        "core.v1.Volume" if map.len() == 1 && map.contains_key("name") => {
            set(map, "emptyDir", || json!({}));
        }
        "core.v1.ServiceSpec" => fill_service(map),
        "core.v1.ServicePort" => {
            if let Some(port) = map.get("port").cloned() {
                set(map, "targetPort", || port);
            }
        }
        "core.v1.PersistentVolumeClaim" if !map.contains_key("apiVersion") => {
            set(map, "apiVersion", || json!("v1"));
            set(map, "kind", || json!("PersistentVolumeClaim"));
            set(map, "status", || json!({"phase": "Pending"}));
        }
        "core.v1.Namespace" => fill_namespace(map),
        "apps.v1.DeploymentStrategy" => {
            fill_rolling(map, &json!({"maxSurge": "25%", "maxUnavailable": "25%"}));
        }
        "apps.v1.StatefulSetUpdateStrategy" => fill_rolling(map, &json!({"partition": 0})),
        "apps.v1.DaemonSetUpdateStrategy" => {
            fill_rolling(map, &json!({"maxSurge": 0, "maxUnavailable": 1}));
        }
        "batch.v1.Job" => fill_job(map),
        "networking.v1.NetworkPolicySpec" => fill_policy_types(map),
        "rbac.v1.Subject" if matches!(text(map, "kind"), Some("User" | "Group")) => {
            set(map, "apiGroup", || json!("rbac.authorization.k8s.io"));
        }
        "apiextensions.v1.CustomResourceDefinitionNames" => fill_names(map),
        _ => {}
    }
}

fn fill_pull_policy(map: &mut Map<String, Value>) {
    let Some(image) = text(map, "image") else { return };
    let last = image.rsplit('/').next().unwrap_or(image);
    let is_latest =
        !last.contains('@') && last.split_once(':').is_none_or(|(_, tag)| tag == "latest");
    set(map, "imagePullPolicy", || json!(if is_latest { "Always" } else { "IfNotPresent" }));
}

/// The server keeps the old name of this field in step with the new one.
fn fill_service_account(map: &mut Map<String, Value>) {
    if let Some(name) = map.get("serviceAccountName").cloned() {
        map.insert("serviceAccount".to_owned(), name);
    }
}

fn fill_service(map: &mut Map<String, Value>) {
    let kind = text(map, "type").unwrap_or("ClusterIP").to_owned();
    if kind == "ExternalName" {
        return;
    }
    set(map, "internalTrafficPolicy", || json!("Cluster"));
    set(map, "ipFamilies", || json!(["IPv4"]));
    set(map, "ipFamilyPolicy", || json!("SingleStack"));
    if text(map, "clusterIP") == Some("None") {
        set(map, "clusterIPs", || json!(["None"]));
    }
    if matches!(kind.as_str(), "NodePort" | "LoadBalancer") {
        set(map, "externalTrafficPolicy", || json!("Cluster"));
    }
    if kind == "LoadBalancer" {
        set(map, "allocateLoadBalancerNodePorts", || json!(true));
    }
    if text(map, "sessionAffinity") == Some("ClientIP") {
        set(map, "sessionAffinityConfig", || json!({"clientIP": {"timeoutSeconds": 10800}}));
    }
}

fn fill_namespace(map: &mut Map<String, Value>) {
    set(map, "spec", || json!({"finalizers": ["kubernetes"]}));
    let Some(metadata) = map.get_mut("metadata").and_then(Value::as_object_mut) else { return };
    let Some(name) = metadata.get("name").cloned() else { return };
    set(metadata, "labels", || json!({}));
    if let Some(labels) = metadata.get_mut("labels").and_then(Value::as_object_mut) {
        labels.insert("kubernetes.io/metadata.name".to_owned(), name);
    }
}

fn fill_rolling(map: &mut Map<String, Value>, defaults: &Value) {
    if text(map, "type") != Some("RollingUpdate") {
        return;
    }
    set(map, "rollingUpdate", || json!({}));
    let rolling = map.get_mut("rollingUpdate").and_then(Value::as_object_mut);
    if let (Some(rolling), Some(defaults)) = (rolling, defaults.as_object()) {
        for (name, value) in defaults {
            set(rolling, name, || value.clone());
        }
    }
}

/// Only a job of its own has these; the one inside a cron job has not.
fn fill_job(map: &mut Map<String, Value>) {
    let Some(spec) = map.get_mut("spec").and_then(Value::as_object_mut) else { return };
    if !spec.contains_key("completions") && !spec.contains_key("parallelism") {
        set(spec, "completions", || json!(1));
    }
    set(spec, "parallelism", || json!(1));
    set(spec, "backoffLimit", || json!(6));
    set(spec, "completionMode", || json!("NonIndexed"));
    set(spec, "suspend", || json!(false));
    set(spec, "manualSelector", || json!(false));
    let replacement =
        if spec.contains_key("podFailurePolicy") { "Failed" } else { "TerminatingOrFailed" };
    set(spec, "podReplacementPolicy", || json!(replacement));
}

fn fill_policy_types(map: &mut Map<String, Value>) {
    let has_egress = map.get("egress").and_then(Value::as_array).is_some_and(|all| !all.is_empty());
    set(map, "policyTypes", || {
        if has_egress { json!(["Ingress", "Egress"]) } else { json!(["Ingress"]) }
    });
}

fn fill_names(map: &mut Map<String, Value>) {
    let Some(kind) = text(map, "kind").map(str::to_owned) else { return };
    set(map, "listKind", || json!(format!("{kind}List")));
    set(map, "singular", || json!(kind.to_lowercase()));
}
