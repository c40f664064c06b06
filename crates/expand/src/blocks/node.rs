//! `node` to what it asks of its machine and of its Node object.

use serde_json::{Map, Value, json};
use stackctl_lang::{Node, Taint};
use stackctl_model::{Desired, NodeSetting, OnNode, Resource, ResourceId, SettingName, Spanned};

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
        let is_package = |name: &&SettingName| matches!(name, SettingName::Package(_));
        let packages: Vec<_> = node.settings.keys().filter(is_package).cloned().collect();
        for (name, Spanned { value: setting, span }) in node.settings.clone() {
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

/// Labels and taints of the Node object; none where the block asks for none.
fn object(node: &Node) -> Option<Value> {
    let gpus = node.gpus.iter().map(|gpu| (gpu_label(&gpu.class.value), json!("true")));
    let said = node.labels.iter().map(|(key, value)| (key.clone(), json!(value)));
    let labels: Map<String, Value> = gpus.chain(said).collect();
    if labels.is_empty() && node.taints.is_empty() {
        return None;
    }
    let mut object = json!({
        "apiVersion": "v1", "kind": "Node",
        "metadata": {"name": node.name.value, "labels": labels},
    });
    if !node.taints.is_empty() {
        object["spec"] = json!({"taints": node.taints.iter().map(taint).collect::<Vec<_>>()});
    }
    Some(object)
}

fn taint(taint: &Taint) -> Value {
    let mut object = json!({"key": taint.key, "effect": taint.effect});
    if let Some(value) = &taint.value {
        object["value"] = json!(value);
    }
    object
}
