//! Where apps and GPUs meet.

use std::collections::BTreeSet;

use serde_json::Value;
use stackctl_model::ResourceId;

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
