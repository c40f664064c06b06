//! The namespace of the stack.

use serde_json::json;

use super::made::Made;

/// Namespaces that every cluster has; they are nobody's to make.
const GIVEN: [&str; 4] = ["default", "kube-system", "kube-public", "kube-node-lease"];

pub(super) fn make(made: &mut Made<'_>) {
    let name = made.namespace();
    if GIVEN.contains(&name) {
        return;
    }
    let value = json!({
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {"name": name, "labels": made.labels()},
    });
    made.object(value, made.stack.namespace.span);
}
