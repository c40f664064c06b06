//! Objects whose changes the server does not take in place: how they are made anew, and what that costs.

use std::collections::BTreeSet;

use stackctl_model::{
    Action, Change, Cost, Dependents, Live, Operation, Replacement, Resource, ResourceId, Risk,
    Seen,
};

use crate::action;
use crate::systems::kubernetes::difference::Difference;
use crate::systems::kubernetes::immutable::is_immutable;

/// Whether any of these cannot be changed in place.
pub(crate) fn replaces(kind: &str, changes: &[Change]) -> bool {
    changes.iter().any(|change| is_immutable(kind, &change.path.to_string()))
}

/// The action that makes an object anew, and what that costs.
pub(crate) fn replace(
    resource: &Resource,
    difference: Difference,
    seen: Seen,
    live: &Live,
) -> Action {
    let kind = resource.id.as_object().map_or("", |id| id.kind.as_str());
    let immutable: BTreeSet<String> = difference
        .changes
        .iter()
        .map(|change| change.path.to_string())
        .filter(|path| is_immutable(kind, path))
        .collect();
    let paths: Vec<String> = immutable.into_iter().collect();
    let reason = format!("{}: immutable", paths.join(", "));
    let (risk, effect) = match kind {
        "StorageClass" => (Risk::None, class_effect(&resource.id, live)),
        "PersistentVolumeClaim" | "PersistentVolume" => {
            (Risk::Data, "deleted and made anew: what is on it is lost".to_owned())
        }
        "StatefulSet" => {
            (Risk::Disruption, "deleted without its pods and made anew; its claims stay".to_owned())
        }
        "CustomResourceDefinition" => {
            (Risk::Data, "deleted with all its objects and made anew".to_owned())
        }
        _ => (Risk::Disruption, "deleted and made anew; it is away in between".to_owned()),
    };
    let dependents = if kind == "StatefulSet" { Dependents::Stay } else { Dependents::GoWithIt };
    let replacement = Replacement { object: difference.object, dependents, seen };
    let mut action = action::wanted(resource, Operation::Replace(replacement), reason);
    action.cost = Cost::from(risk);
    action.effects.push(effect);
    action.changes = difference.changes;
    action
}

fn class_effect(id: &ResourceId, live: &Live) -> String {
    let name = id.as_object().map_or("", |id| id.name.as_str());
    let claims = live
        .cluster
        .objects
        .iter()
        .filter(|(id, object)| {
            id.is_kind("", "PersistentVolumeClaim") && object["spec"]["storageClassName"] == name
        })
        .count();
    format!(
        "the class is deleted and made anew; existing volumes keep their settings ({claims} claims of this stack), \
         change those in Longhorn"
    )
}
