//! Everything a template sees.

use serde_json::{Map, Value, json};
use stackctl_model::Finding;

use super::input::PartsInput;
use super::json::with;
use super::names::PART_NAMES;
use super::{network, pod, storage};
use crate::claim::Claim;

/// What the templates of an app are rendered with.
pub(crate) struct TemplateContext {
    /// Everything they see, by name.
    pub(crate) values: Map<String, Value>,
    /// The claims among it.
    pub(crate) claims: Vec<Claim>,
}

/// Everything templates see: the knobs, the names of app and stack, and the ready-made parts.
pub(crate) fn context(input: &PartsInput<'_>, findings: &mut Vec<Finding>) -> TemplateContext {
    let mut context = input.values.clone();
    let stack = input.stack;
    let selector = json!({
        "app.kubernetes.io/name": input.app,
        "app.kubernetes.io/instance": stack.name.value,
    });
    let mut add = |key: &str, value: Value| {
        debug_assert!(
            key == "node_selector" || PART_NAMES.contains(&key),
            "{key} is missing among the names of parts"
        );
        context.insert(key.to_owned(), value)
    };
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
    let claims = storage::add(input, findings, &mut add);
    network::add(input, findings, &mut add);
    TemplateContext { values: context, claims }
}
