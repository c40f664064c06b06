//! Taints of a Node object. The API server takes the list as a whole, and controllers put taints of their
//! own into it: so ours are noted in an annotation, and the list is patched only where ours are not in it.

use serde_json::{Value, json};
use stackctl_model::{Change, ChangeValue, FieldPath};

/// Annotation of a Node object: the taints that are this stack's, as JSON.
const TAINTS: &str = "stackctl.io/taints";

/// Moves the taints that are asked for into the annotation.
pub(crate) fn move_to_annotation(node: &mut Value) {
    let spec = node.get_mut("spec").and_then(Value::as_object_mut);
    let Some(taints) = spec.and_then(|spec| spec.remove("taints")) else { return };
    if let Some(node) = node.as_object_mut().filter(|node| node["spec"] == json!({})) {
        node.remove("spec");
    }
    node["metadata"]["annotations"][TAINTS] = taints.to_string().into();
}

/// How a Node object's taints differ, and the merge patch that mends it.
#[derive(Debug, PartialEq)]
pub(crate) struct TaintChange {
    pub(crate) change: Change,
    pub(crate) patch: Value,
}

/// How the live list differs in what is ours, and the merge patch that mends it: it holds only for the
/// version that was seen.
pub(crate) fn difference(desired: &Value, live: &Value) -> Option<TaintChange> {
    let (ours, before) = (noted(desired), noted(live));
    let found = list(&live["spec"]["taints"]);
    let is_of =
        |taints: &[Value], taint: &Value| taints.iter().any(|one| place(one) == place(taint));
    let mut wanted: Vec<Value> =
        found.iter().filter(|one| !is_of(&before, one) && !is_of(&ours, one)).cloned().collect();
    wanted.extend(ours.iter().cloned());
    let shown = |taints: &[Value]| {
        let mut words: Vec<String> = taints.iter().map(words).collect();
        words.sort();
        words
    };
    let (was, becomes) = (shown(&found), shown(&wanted));
    if was == becomes {
        return None;
    }
    let value = |words: Vec<String>| {
        if words.is_empty() { ChangeValue::Absent } else { ChangeValue::Value(json!(words)) }
    };
    let change = Change {
        path: FieldPath::fields(["spec", "taints"]),
        before: value(was),
        after: value(becomes),
        last_writer: None,
        last_written: None,
    };
    let version = &live["metadata"]["resourceVersion"];
    let patch = json!({"metadata": {"resourceVersion": version}, "spec": {"taints": wanted}});
    Some(TaintChange { change, patch })
}

/// The merge patch that gives a live Node object the taints that are asked for; none where it has them.
pub fn taints_patch(desired: &Value, live: &Value) -> Option<Value> {
    difference(desired, live).map(|taints| taints.patch)
}

fn noted(node: &Value) -> Vec<Value> {
    let text = node["metadata"]["annotations"][TAINTS].as_str().unwrap_or_default();
    serde_json::from_str(text).unwrap_or_default()
}

fn list(taints: &Value) -> Vec<Value> {
    taints.as_array().cloned().unwrap_or_default()
}

/// What tells taints apart: a node has one of each key and effect.
fn place(taint: &Value) -> (&Value, &Value) {
    (&taint["key"], &taint["effect"])
}

/// `gpu=intel:NoSchedule`, as kubectl writes it.
fn words(taint: &Value) -> String {
    let text = |name: &str| taint[name].as_str().unwrap_or_default();
    let value =
        if text("value").is_empty() { String::new() } else { format!("={}", text("value")) };
    format!("{}{value}:{}", text("key"), text("effect"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(taints: &Value, ours: &Value) -> Value {
        json!({
            "metadata": {"resourceVersion": "7", "annotations": {TAINTS: ours.to_string()}},
            "spec": {"taints": taints},
        })
    }

    #[test]
    fn only_ours_are_touched() {
        let theirs = json!({"key": "node.kubernetes.io/unreachable", "effect": "NoExecute"});
        let gpu = json!({"key": "gpu", "value": "intel", "effect": "NoSchedule"});
        let mut desired = json!({"metadata": {"name": "nuc"}, "spec": {"taints": [gpu]}});
        move_to_annotation(&mut desired);
        assert!(desired.get("spec").is_none());
        let fresh = json!({"metadata": {"resourceVersion": "7"}, "spec": {"taints": [theirs]}});
        let patch = difference(&desired, &fresh).unwrap().patch;
        assert_eq!(patch["spec"]["taints"], json!([theirs, gpu]));
        assert_eq!(patch["metadata"]["resourceVersion"], "7");
        let done = node(&json!([theirs, gpu]), &json!([gpu]));
        assert_eq!(difference(&desired, &done), None);
        let TaintChange { change, patch } = difference(&json!({}), &done).unwrap();
        assert_eq!(patch["spec"]["taints"], json!([theirs]));
        assert_eq!(
            change.before,
            ChangeValue::Value(json!([
                "gpu=intel:NoSchedule",
                "node.kubernetes.io/unreachable:NoExecute"
            ]))
        );
        assert_eq!(difference(&json!({}), &node(&json!([theirs]), &json!([]))), None);
    }
}
