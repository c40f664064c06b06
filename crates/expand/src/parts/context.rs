//! Everything a template sees.

use serde_json::{Map, Value, json};
use stackctl_model::Finding;

use super::input::PartsInput;
use super::json::with;
use super::{network, pod, storage};

/// Everything templates see: the knobs, the place, and the input.
pub(crate) fn context(input: &PartsInput<'_>, findings: &mut Vec<Finding>) -> Map<String, Value> {
    let mut context = input.values.clone();
    let stack = input.stack;
    let selector = json!({
        "app.kubernetes.io/name": input.app,
        "app.kubernetes.io/instance": stack.name.value,
    });
    let mut add = |key: &str, value: Value| context.insert(key.to_owned(), value);
    add("name", json!(input.app));
    add("namespace", json!(stack.namespace.value));
    add(
        "stack",
        json!({
            "name": stack.name.value,
            "domain": stack.domain.as_ref().map(|domain| &domain.value),
            "timezone": stack.timezone.value,
        }),
    );
    let labels = with(&selector, [("app.kubernetes.io/managed-by", "stackctl")]);
    add("workload_labels", with(&labels, pod::own_labels(input)));
    add("labels", labels);
    add("pod_labels", with(&selector, pod::own_labels(input)));
    add("selector", selector);
    pod::add(input, &mut add);
    storage::add(input, findings, &mut add);
    network::add(input, findings, &mut add);
    context
}
