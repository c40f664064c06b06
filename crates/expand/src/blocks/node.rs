//! `node` to the settings it asks for on its machine, and what apps ask of nodes.

use serde_json::{Value, json};
use stackctl_lang::{Block, Node};
use stackctl_model::{Finding, ResourceId, Span, closest};

use super::made::Made;
use super::wiring::attribute;

pub(super) fn make(made: &mut Made<'_>) {
    for node in &made.stack.nodes {
        for (key, value) in &node.sysctls {
            let least = value.value.parse::<i64>().map_or(json!(value.value), Value::from);
            add(made, node, &format!("sysctl/{}", key.value), key.span, [("atLeast", least)]);
        }
        for set in &node.sets {
            add(made, node, &format!("set/{}", set.value), set.span, [("set", json!(set.value))]);
        }
        for (class, device) in &node.gpus {
            let device = json!(device.as_ref().map(|device| &device.value));
            add(made, node, &format!("gpu/{}", class.value), class.span, [("device", device)]);
        }
        for block in &node.others {
            other(made, node, block);
        }
    }
    check_gpus(made);
}

/// Labels, taints, kernel modules, packages, services, mounts: named by their first argument.
fn other(made: &mut Made<'_>, node: &Node, block: &Block) {
    let word = &block.name.value;
    let is_list = matches!(word.as_str(), "kernel-module" | "package" | "service");
    let count = if is_list { block.args.len() } else { 1 };
    for arg in block.args.iter().take(count) {
        let Some(text) = arg.value.as_text() else { continue };
        let (key, value) = match text.split_once('=') {
            Some((key, value)) if word == "taint" => (key, json!(value)),
            Some(_) | None => (text, Value::Null),
        };
        let second = block.args.get(1).filter(|_| !is_list);
        let second = second.map_or(Value::Null, |arg| attribute(&arg.value));
        let (kind, wanted) = match word.as_str() {
            "taint" => ("effect", second),
            "mount" => ("source", second),
            _ => ("value", second),
        };
        let setting = format!("{word}/{}", key.trim_start_matches('/'));
        let attributes = [("name", json!(key)), ("value", value), (kind, wanted)];
        add(made, node, &setting, block.span, attributes);
    }
}

fn add<const N: usize>(
    made: &mut Made<'_>,
    node: &Node,
    setting: &str,
    span: Span,
    attributes: [(&str, Value); N],
) {
    let id = ResourceId::Node { node: node.name.value.clone(), setting: setting.to_owned() };
    let place = [
        ("ssh", json!(node.ssh.as_ref().map(|ssh| &ssh.value))),
        ("optional", if node.optional { json!(true) } else { Value::Null }),
    ];
    let all = attributes.into_iter().chain(place).filter(|(_, value)| !value.is_null());
    let attributes = all.map(|(key, value)| (key.to_owned(), value)).collect();
    made.setting_of(id, None, span, attributes);
}

/// An app cannot run where no node offers the GPU it asks for.
fn check_gpus(made: &mut Made<'_>) {
    let offered: Vec<&str> = made
        .stack
        .nodes
        .iter()
        .flat_map(|node| &node.gpus)
        .map(|(class, _)| class.value.as_str())
        .collect();
    for app in made.apps {
        let Some(arg) = app.said("gpu").last().and_then(|block| block.args.first()) else {
            continue;
        };
        let Some(class) = arg.value.as_text().filter(|class| !offered.contains(class)) else {
            continue;
        };
        if made.findings.iter().any(|finding| finding.span() == Some(arg.span)) {
            continue;
        }
        let message = format!("app {} asks for gpu {class}, which no node has", app.name);
        let finding = Finding::error("unknown-gpu", message, arg.span);
        made.findings.push(match closest(class, offered.iter().copied()) {
            Some(near) => finding.help(format!("Did you mean {near}?")).fix(arg.span, near),
            None => finding.help(format!("Say which one has it: `node NAME {{ gpu {class}; }}`.")),
        });
    }
}
