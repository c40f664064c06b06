//! A Node object is the cluster's own: the stack adds its labels and taints, and takes them off again; it
//! neither makes nor deletes one.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use stackctl_model::{FieldPath, ResourceId};

use super::owned::Owners;
use super::taints;

/// Whether an id is that of a Node object.
pub(crate) fn is_node(id: &ResourceId) -> bool {
    id.is_kind("", "Node")
}

/// Moves the taints of a desired Node object to where server-side apply can hold them.
pub(crate) fn note_taints(id: &ResourceId, object: &mut Value) {
    if is_node(id) {
        taints::move_to_annotation(object);
    }
}

/// What is said where the cluster has no such node.
pub(crate) fn why_missing(id: &ResourceId) -> String {
    let name = id.as_object().map_or("", |id| id.name.as_str());
    format!(
        "the cluster has no node {name}, so its labels and taints are not set: kubectl get nodes shows those it has"
    )
}

/// The merge patch that takes off all that the stack has put on a live Node object.
pub fn release_patch(live: &Value) -> Value {
    let owners = Owners::of(live);
    let mut metadata = serde_json::Map::new();
    for part in ["labels", "annotations"] {
        let keys = live["metadata"][part].as_object().into_iter().flatten().map(|(key, _)| key);
        let ours =
            keys.filter(|key| owners.ours.contains(&FieldPath::fields(["metadata", part, key])));
        let gone: BTreeMap<&String, Value> = ours.map(|key| (key, Value::Null)).collect();
        metadata.insert(part.to_owned(), json!(gone));
    }
    let mut patch = json!({"metadata": metadata});
    if let Some(taints) = taints::difference(&json!({}), live) {
        patch["spec"] = taints.patch["spec"].clone();
        patch["metadata"]["resourceVersion"] = taints.patch["metadata"]["resourceVersion"].clone();
    }
    patch
}
