//! Fields that others rightly own: an autoscaler's replicas.

use serde_json::Value;
use stackctl_model::FieldPath;

use super::owned::Owners;

/// The desired object without what another rightly owns.
pub(crate) fn yielded(mut desired: Value, owners: &Owners) -> Value {
    let replicas = FieldPath::fields(["spec", "replicas"]);
    let is_scaled = owners.others.iter().any(|owner| {
        owner.manager == "kube-controller-manager"
            && owner.subresource == "scale"
            && owner.fields.contains(&replicas)
    });
    if is_scaled && let Some(spec) = desired.get_mut("spec").and_then(Value::as_object_mut) {
        spec.remove("replicas");
    }
    desired
}
