//! Fields that cannot be changed: their objects are replaced.

use serde_json::Value;
use stackctl_model::Change;

use super::compare::changes;
use super::owned::Owners;

/// Whether a field of a kind cannot be changed in place.
pub(crate) fn is_immutable(kind: &str, path: &str) -> bool {
    let under = |prefix: &str| {
        path.strip_prefix(prefix)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    };
    match kind {
        "StorageClass" => ["parameters", "provisioner", "reclaimPolicy", "volumeBindingMode"]
            .into_iter()
            .any(under),
        "Deployment" | "DaemonSet" => under("spec.selector"),
        "StatefulSet" => {
            under("spec")
                && ![
                    "spec.replicas",
                    "spec.template",
                    "spec.updateStrategy",
                    "spec.persistentVolumeClaimRetentionPolicy",
                    "spec.minReadySeconds",
                    "spec.revisionHistoryLimit",
                    "spec.ordinals",
                ]
                .into_iter()
                .any(under)
        }
        "Job" => under("spec.template") || under("spec.selector"),
        "Service" => under("spec.clusterIP"),
        "PersistentVolumeClaim" => {
            under("spec") && !under("spec.resources") && !under("spec.volumeAttributesClassName")
        }
        "RoleBinding" | "ClusterRoleBinding" => under("roleRef"),
        "CustomResourceDefinition" => {
            under("spec.scope") || under("spec.names.kind") || under("spec.names.plural")
        }
        _ => false,
    }
}

/// Why the server would not take this write, when it touches what cannot be changed.
pub fn immutable_violation(live: &Value, desired: &Value) -> Option<String> {
    let kind = desired["kind"].as_str()?;
    let touched: Vec<Change> = changes(live, desired, &Owners::of(live))
        .into_iter()
        .filter(|change| is_immutable(kind, &change.path.to_string()))
        .collect();
    let paths: Vec<String> = touched.iter().map(|change| change.path.to_string()).collect();
    (!paths.is_empty()).then(|| format!("{}: field is immutable", paths.join(", ")))
}
