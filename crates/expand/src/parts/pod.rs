//! Parts of a pod: environment, resources, probes, security, placement, containers beside the app's own.

use serde_json::{Map, Value, json};

use crate::blocks::node::gpu_label;

use super::input::{PartsInput, Variable};
use super::json::{at, fields, is_nothing, seconds};

pub(super) fn add(input: &PartsInput<'_>, add: &mut impl FnMut(&str, Value) -> Option<Value>) {
    add("environment", environment(input.value("env"), input.variables));
    add("environment_from", input.list("env_from").iter().map(environment_from).collect());
    add("resources", resources(input.values.get("cpu"), input.values.get("memory"), gpu(input)));
    add("ports", ports(input));
    add("probes", probes(input));
    add("pod_security", pod_security(input));
    add("container_security", container_security(input));
    add("node_selector", node_selector(input));
    add("affinity", affinity(input));
    add("tolerations", input.list("toleration").iter().map(toleration).collect());
    add("sidecars", input.list("container").iter().map(sidecar).collect());
    for (place, key) in [
        ("workload", "annotations"),
        ("pod", "pod_annotations"),
        ("service", "service_annotations"),
    ] {
        add(key, annotations(input, place));
    }
    add("grace_seconds", seconds(input.value("grace")));
    add("runtime_class", runtime_class(input));
    add("resource_claims", resource_claims(input));
    add("nothing", Value::Null);
}

/// Labels the user asks for.
pub(super) fn own_labels<'a>(
    input: &PartsInput<'a>,
) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
    input.list("label").iter().filter_map(|label| {
        Some((at(label, "name").as_str()?, at(label, "value").as_str().unwrap_or_default()))
    })
}

fn annotations(input: &PartsInput<'_>, place: &str) -> Value {
    input
        .list("annotation")
        .iter()
        .filter(|one| at(one, "on") == place)
        .filter_map(|one| Some((at(one, "name").as_str()?.to_owned(), at(one, "value").clone())))
        .collect()
}

/// A list of variables: what `env` says, then what other knobs set and `env` says nothing of.
fn environment(env: &Value, set_by_knobs: &[Variable]) -> Value {
    let none = Map::new();
    let said = at(env, "values").as_object().unwrap_or(&none);
    let of_knobs = set_by_knobs.iter().filter(|variable| !said.contains_key(&variable.name));
    let of_knobs = of_knobs.map(|variable| (&variable.name, &variable.value));
    let all = said.iter().filter(|(_, value)| !value.is_null()).chain(of_knobs);
    all.map(|(name, value)| environment_variable(name, value)).collect()
}

/// A secret becomes a reference to its key.
fn environment_variable(name: &str, value: &Value) -> Value {
    match value.get("secret_name") {
        Some(secret) => json!({
            "name": name,
            "valueFrom": {"secretKeyRef": {"name": secret, "key": at(value, "key")}},
        }),
        None => json!({"name": name, "value": text(value)}),
    }
}

/// A variable's value is text, whatever it was written as.
fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn environment_from(from: &Value) -> Value {
    let named = |key: &str| match at(from, key) {
        Value::Null => Value::Null,
        name => json!({"name": name}),
    };
    fields([
        ("secretRef", named("secret")),
        ("configMapRef", named("config_map")),
        ("prefix", at(from, "prefix").clone()),
    ])
}

fn resources(cpu: Option<&Value>, memory: Option<&Value>, gpu: Option<Device>) -> Value {
    let side = |side: &str| {
        fields([
            ("cpu", cpu.map_or(Value::Null, |range| at(range, side).clone())),
            ("memory", memory.map_or(Value::Null, |range| at(range, side).clone())),
        ])
    };
    let mut limits = side("limit");
    let mut claims = Value::Null;
    match (gpu, limits.as_object_mut()) {
        (Some(Device::Plugin(resource)), Some(limits)) => {
            limits.insert(resource, json!("1"));
        }
        (Some(Device::Claim), _) => claims = json!([{"name": "gpu"}]),
        (Some(Device::Plugin(_)) | None, _) => {}
    }
    fields([("requests", side("request")), ("limits", limits), ("claims", claims)])
}

/// How the app's container gets its GPU.
enum Device {
    /// Through a device plugin, as this extended resource.
    Plugin(String),
    /// Through dynamic resource allocation, as the pod's claim `gpu`.
    Claim,
}

fn gpu(input: &PartsInput<'_>) -> Option<Device> {
    let gpu = input.value("gpu");
    let class = at(gpu, "class").as_str()?;
    if at(gpu, "through") == "dra" {
        return Some(Device::Claim);
    }
    let resource = at(gpu, "resource").as_str().unwrap_or(match class {
        "intel" => "gpu.intel.com/i915",
        "nvidia" => "nvidia.com/gpu",
        "amd" => "amd.com/gpu",
        other => other,
    });
    Some(Device::Plugin(resource.to_owned()))
}

/// What the pod claims by dynamic resource allocation.
fn resource_claims(input: &PartsInput<'_>) -> Value {
    match gpu(input) {
        Some(Device::Claim) => {
            json!([{"name": "gpu", "resourceClaimTemplateName": format!("{}-gpu", input.app)}])
        }
        Some(Device::Plugin(_)) | None => Value::Null,
    }
}

/// NVIDIA's devices come through a runtime of their own.
fn runtime_class(input: &PartsInput<'_>) -> Value {
    if at(input.value("gpu"), "class") == "nvidia" { json!("nvidia") } else { Value::Null }
}

fn ports(input: &PartsInput<'_>) -> Value {
    let http = match input.value("port") {
        Value::Null => None,
        port => Some(json!({"name": "http", "containerPort": port, "protocol": "TCP"})),
    };
    let more = input.list("listen").iter().map(|one| {
        json!({
            "name": at(one, "name"), "containerPort": at(one, "port"), "protocol": at(one, "protocol"),
        })
    });
    http.into_iter().chain(more).collect()
}

fn probes(input: &PartsInput<'_>) -> Value {
    input
        .list("probe")
        .iter()
        .filter_map(|one| Some((at(one, "kind").as_str()?.to_owned(), probe(one))))
        .collect()
}

fn probe(one: &Value) -> Value {
    let (http, tcp) = match at(one, "tcp") {
        Value::Null => {
            let port = match at(one, "port") {
                Value::Null => json!("http"),
                port => port.clone(),
            };
            (json!({"path": at(one, "path").as_str().unwrap_or("/"), "port": port}), Value::Null)
        }
        port => (Value::Null, json!({"port": port})),
    };
    fields([
        ("httpGet", http),
        ("tcpSocket", tcp),
        ("periodSeconds", seconds(at(one, "every"))),
        ("failureThreshold", at(one, "failures").clone()),
        ("initialDelaySeconds", seconds(at(one, "delay"))),
        ("timeoutSeconds", seconds(at(one, "timeout"))),
    ])
}

fn pod_security(input: &PartsInput<'_>) -> Value {
    let security = input.value("security");
    let groups = match at(security, "supplemental_groups") {
        groups if !is_nothing(groups) => groups.clone(),
        _ if input.value("gpu").is_null() => Value::Null,
        _ => match at(input.value("gpu"), "group") {
            // Read on the nodes, when it is planned.
            Value::Null => Value::Null,
            group => json!([group]),
        },
    };
    let fs_group = at(security, "fs_group").clone();
    let policy = if fs_group.is_null() { Value::Null } else { json!("OnRootMismatch") };
    fields([
        ("runAsUser", at(security, "run_as_user").clone()),
        ("runAsGroup", at(security, "run_as_group").clone()),
        ("runAsNonRoot", at(security, "run_as_non_root").clone()),
        ("fsGroup", fs_group),
        ("fsGroupChangePolicy", policy),
        ("supplementalGroups", groups),
        ("seccompProfile", json!({"type": "RuntimeDefault"})),
    ])
}

fn container_security(input: &PartsInput<'_>) -> Value {
    let security = input.value("security");
    let drop = match at(security, "capability_drop") {
        drop if is_nothing(drop) => json!(["ALL"]),
        drop => drop.clone(),
    };
    let truth = |key: &str| at(security, key).as_bool().unwrap_or(false);
    fields([
        ("allowPrivilegeEscalation", json!(truth("privilege_escalation"))),
        ("privileged", if truth("privileged") { json!(true) } else { Value::Null }),
        ("readOnlyRootFilesystem", json!(input.value("read_only_root").as_bool().unwrap_or(false))),
        ("capabilities", fields([("add", at(security, "capability_add").clone()), ("drop", drop)])),
    ])
}

fn node_selector(input: &PartsInput<'_>) -> Value {
    let mut labels =
        at(input.value("node_selector"), "values").as_object().cloned().unwrap_or_default();
    if let Some(node) = input.value("node").as_str() {
        labels.insert("kubernetes.io/hostname".to_owned(), json!(node));
    }
    Value::Object(labels)
}

/// Only nodes that declare the GPU.
fn affinity(input: &PartsInput<'_>) -> Value {
    let Some(class) = at(input.value("gpu"), "class").as_str() else { return Value::Null };
    if !input.stack.nodes.iter().any(|node| node.offers(class)) {
        return Value::Null;
    }
    let rule = json!({"key": gpu_label(class), "operator": "In", "values": ["true"]});
    json!({"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {
        "nodeSelectorTerms": [{"matchExpressions": [rule]}],
    }}})
}

fn toleration(one: &Value) -> Value {
    let operator = if at(one, "value").is_null() { "Exists" } else { "Equal" };
    fields([
        ("key", at(one, "key").clone()),
        ("operator", json!(operator)),
        ("value", at(one, "value").clone()),
        ("effect", at(one, "effect").clone()),
    ])
}

fn sidecar(one: &Value) -> Value {
    let listening = at(one, "port").as_array().map_or(&[][..], Vec::as_slice);
    let mounts = at(one, "mount").as_array().map_or(&[][..], Vec::as_slice);
    // What the app itself may do is not for its neighbours.
    let security = json!({
        "allowPrivilegeEscalation": false,
        "readOnlyRootFilesystem": at(one, "read_only_root").as_bool().unwrap_or(true),
        "capabilities": {"drop": ["ALL"]},
    });
    fields([
        ("name", at(one, "name").clone()),
        ("image", at(one, "image").clone()),
        ("command", at(one, "command").clone()),
        ("args", at(one, "args").clone()),
        ("env", environment(at(one, "env"), &[])),
        (
            "ports",
            listening
                .iter()
                .map(|port| json!({"containerPort": port, "protocol": "TCP"}))
                .collect(),
        ),
        ("resources", resources(one.get("cpu"), one.get("memory"), None)),
        ("volumeMounts", mounts.iter().map(super::storage::mount).collect()),
        ("securityContext", security),
    ])
}
