//! The class that Longhorn's own chart keeps: it is explained, not fought over.

use serde_json::Value;
use stackctl_model::{Object, ResourceId};

/// Whether a class is made anew by Longhorn whenever it differs.
pub(crate) fn is_longhorns_own(id: &ResourceId, found: &Value) -> bool {
    let is_name = id.as_object().is_some_and(|id| {
        id.kind == "StorageClass" && matches!(id.name.as_str(), "longhorn" | "longhorn-static")
    });
    is_name && found["metadata"]["annotations"]["longhorn.io/last-applied-configmap"].is_string()
}

/// Why it is left alone.
pub(crate) fn why_left_to_longhorn(object: &Object, found: &Value) -> String {
    let replicas =
        |value: &Value| value["parameters"]["numberOfReplicas"].as_str().unwrap_or("?").to_owned();
    format!(
        "Longhorn's own chart keeps this class and makes it anew; it has {} replicas, the stack asks for {}. Set \
         persistence.defaultClassReplicaCount in the chart's values",
        replicas(found),
        replicas(&object.value)
    )
}
