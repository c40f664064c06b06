//! Where apps and GPUs meet.

use std::collections::BTreeSet;

use serde_json::Value;
use stackctl_model::{Finding, ResourceId, closest};

use super::builder::StackBuilder;
use super::node::gpu_id;
use crate::expanded_app::ExpandedApp;

/// The devices whose groups an app's pods join; none where the app names a group itself.
pub(super) fn devices(
    builder: &StackBuilder<'_>,
    app: &ExpandedApp,
    object: &Value,
) -> BTreeSet<ResourceId> {
    let gpu = app.value("gpu");
    let names_groups = !gpu["group"].is_null()
        || app.value("security")["supplemental_groups"]
            .as_array()
            .is_some_and(|all| !all.is_empty());
    let is_workload = matches!(object["kind"].as_str(), Some("Deployment" | "StatefulSet"));
    let Some(class) = gpu["class"].as_str().filter(|_| is_workload && !names_groups) else {
        return BTreeSet::new();
    };
    let offers = builder.stack.nodes.iter().filter(|node| node.offers(class));
    offers.map(|node| gpu_id(node, class)).collect()
}

/// An app cannot run where no node offers the GPU it asks for.
pub(super) fn check(builder: &mut StackBuilder<'_>) {
    let offered: Vec<&str> = builder
        .stack
        .nodes
        .iter()
        .flat_map(|node| &node.gpus)
        .map(|gpu| gpu.class.value.as_str())
        .collect();
    for app in builder.apps {
        let Some(arg) = app.said("gpu").last().and_then(|block| block.args.first()) else {
            continue;
        };
        let Some(class) = arg.value.as_text().filter(|class| !offered.contains(class)) else {
            continue;
        };
        if builder.findings.iter().any(|finding| finding.span() == Some(arg.span)) {
            continue;
        }
        let message = format!("app {} asks for gpu {class}, which no node has", app.name);
        let finding = Finding::error("unknown-gpu", message, arg.span);
        builder.findings.push(match closest(class, offered.iter().copied()) {
            Some(near) => finding.help(format!("Did you mean {near}?")).fix(arg.span, near),
            None => finding.help(format!("Say which one has it: `node NAME {{ gpu {class}; }}`.")),
        });
    }
}
