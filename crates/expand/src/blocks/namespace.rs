//! The namespace of the stack.

use serde_json::json;

use super::builder::StackBuilder;

/// Namespaces that every cluster has; they are nobody's to make.
const GIVEN: [&str; 4] = ["default", "kube-system", "kube-public", "kube-node-lease"];

pub(super) fn make(builder: &mut StackBuilder<'_>) {
    let name = builder.namespace();
    if GIVEN.contains(&name) {
        return;
    }
    let value = json!({
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {"name": name, "labels": builder.labels()},
    });
    builder.object(value, builder.stack.namespace.span);
}
