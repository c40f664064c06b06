//! `node` to what it asks of its machine and of its Node object.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use stackctl_lang::{Block, Node, NodeSet};
use stackctl_model::{Desired, NodeSetting, OnNode, Resource, ResourceId, SettingName, Span};

use super::attributes::attribute;
use super::builder::StackBuilder;

/// Label of a Node object that says which GPU the machine offers.
pub(crate) fn gpu_label(class: &str) -> String {
    format!("stackctl.io/gpu-{class}")
}

/// The id of a GPU of a machine.
pub(crate) fn gpu_id(node: &Node, class: &str) -> ResourceId {
    ResourceId::machine(&node.name.value, SettingName::Gpu(class.to_owned()))
}

pub(super) fn make(builder: &mut StackBuilder<'_>) {
    for node in &builder.stack.nodes {
        let settings = settings(node);
        let is_package = |name: &&SettingName| matches!(name, SettingName::Package(_));
        let packages: Vec<_> = settings.keys().filter(is_package).cloned().collect();
        for (name, (setting, span)) in settings {
            let id = |name: SettingName| ResourceId::machine(&node.name.value, name);
            let comes_in_a_package =
                matches!(setting, NodeSetting::Service { .. } | NodeSetting::KernelModule { .. });
            let after = packages.iter().filter(|_| comes_in_a_package).cloned().map(id);
            builder.resources.push(Resource {
                id: id(name),
                app: None,
                origin: builder.sources.origin(span),
                after: after.collect(),
                desired: Desired::OnNode(OnNode { reach: node.reach.clone(), setting }),
            });
        }
        if let Some(object) = object(node) {
            builder.object(object, node.span);
        }
    }
}

/// What is asked of the machine, by name. What a set asks for too is as the node itself says it.
fn settings(node: &Node) -> BTreeMap<SettingName, (NodeSetting, Span)> {
    let mut settings = BTreeMap::new();
    for sysctl in &node.sysctls {
        let key = sysctl.key.value.clone();
        let value = sysctl.value.value.split_whitespace().collect::<Vec<_>>().join(" ");
        let setting = NodeSetting::Sysctl { key, rule: sysctl.rule, value };
        settings.insert(setting.name(), (setting, sysctl.key.span));
    }
    for gpu in &node.gpus {
        let class = gpu.class.value.clone();
        let device = gpu.device.as_ref().map(|device| device.value.clone());
        let setting = NodeSetting::Gpu { class, device };
        settings.insert(setting.name(), (setting, gpu.class.span));
    }
    for block in &node.others {
        for setting in said(block) {
            settings.insert(setting.name(), (setting, block.span));
        }
    }
    for set in &node.sets {
        for setting in longhorn_host(set) {
            settings.entry(setting.name()).or_insert((setting, set.name.span));
        }
    }
    settings
}

/// What one `kernel-module`, `package`, `service` or `mount` asks for.
fn said(block: &Block) -> Vec<NodeSetting> {
    let word = block.name.value.as_str();
    let text = |place: usize| block.args.get(place).and_then(|arg| arg.value.as_text());
    let install =
        block.prop("install").is_some_and(|on| on.value == stackctl_lang::Value::Bool(true));
    let setting = |name: &str| {
        let name = name.to_owned();
        Some(match word {
            "kernel-module" => NodeSetting::KernelModule { name },
            "package" => NodeSetting::Package { name, program: None, install },
            "service" => NodeSetting::Service { name },
            _ => return None,
        })
    };
    if word == "mount" {
        let Some(path) = text(0) else { return Vec::new() };
        let source = text(1).map(str::to_owned);
        return vec![NodeSetting::Mount { path: path.to_owned(), source }];
    }
    let names = block.args.iter().filter_map(|arg| arg.value.as_text());
    names.filter_map(setting).collect()
}

/// What Longhorn's documentation asks of its nodes. A program stands for its package, since distributions
/// name the packages differently.
fn longhorn_host(set: &NodeSet) -> Vec<NodeSetting> {
    let package = |name: &str, program: &str| NodeSetting::Package {
        name: name.to_owned(),
        program: Some(program.to_owned()),
        install: set.install,
    };
    vec![
        package("open-iscsi", "iscsiadm"),
        package("nfs-common", "mount.nfs"),
        NodeSetting::KernelModule { name: "iscsi_tcp".to_owned() },
        NodeSetting::Service { name: "iscsid".to_owned() },
        NodeSetting::Multipath,
    ]
}

/// Labels and taints of the Node object; none where the block asks for none.
fn object(node: &Node) -> Option<Value> {
    let mut labels: Map<String, Value> =
        node.gpus.iter().map(|gpu| (gpu_label(&gpu.class.value), json!("true"))).collect();
    let mut taints = Vec::new();
    for block in &node.others {
        let arg = |place: usize| block.args.get(place).map(|arg| attribute(&arg.value));
        let Some(Value::String(first)) = arg(0) else { continue };
        match block.name.value.as_str() {
            "label" => {
                labels.insert(first, arg(1).map_or(json!(""), |value| as_text(&value)));
            }
            "taint" => taints.push(taint(&first, &arg(1).unwrap_or_default())),
            _ => {}
        }
    }
    if labels.is_empty() && taints.is_empty() {
        return None;
    }
    let mut object = json!({
        "apiVersion": "v1", "kind": "Node",
        "metadata": {"name": node.name.value, "labels": labels},
    });
    if !taints.is_empty() {
        object["spec"] = json!({"taints": taints});
    }
    Some(object)
}

fn as_text(value: &Value) -> Value {
    value.as_str().map_or_else(|| json!(value.to_string()), |text| json!(text))
}

/// `KEY` or `KEY=VALUE`, and what it does to pods.
fn taint(text: &str, effect: &Value) -> Value {
    match text.split_once('=') {
        Some((key, value)) => json!({"key": key, "value": value, "effect": effect}),
        None => json!({"key": text, "effect": effect}),
    }
}
